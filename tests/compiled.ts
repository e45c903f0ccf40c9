import { compiledNow } from '../scripts/lib/compile.mjs';

/** Once before tests that start the programs, or load the core, compiled. */
export async function setup(): Promise<void> {
  if (!(await compiledNow())) throw new Error('The programs could not be compiled; what is compiled would be an older one');
}
