import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);
const FROM_SOURCE = ['--conditions', '@vivarium/source', '--import', 'tsx'];
const COMPILED = ['--conditions', '@vivarium/compiled'];

/** Node's arguments for the worker's command line, in the form in which the panel itself runs: from source or compiled. */
export function workerProgram(...args: readonly string[]): readonly string[] {
  const source = HERE.endsWith('.ts');
  const packages = join(dirname(HERE), '..', '..', '..');
  const main = join(packages, 'worker', source ? 'src/main.ts' : 'build/main.js');
  return [...(source ? FROM_SOURCE : COMPILED), main, ...args];
}
