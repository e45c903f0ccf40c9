import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);
const FROM_SOURCE = ['--conditions', '@vivarium/source', '--import', 'tsx'];

/** Node's arguments for the worker's command line, in the form in which the panel itself runs: from source or compiled. */
export function workerProgram(...args: readonly string[]): readonly string[] {
  if (HERE.endsWith('.ts')) return [...FROM_SOURCE, join(dirname(HERE), '../../../worker/src/main.ts'), ...args];
  return [join(dirname(HERE), '../../worker/build/main.js'), ...args];
}
