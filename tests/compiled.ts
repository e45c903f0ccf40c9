import { compileWhenStale } from '../scripts/lib/compile.mjs';

/** Once before tests that start the programs: compiled ones are up in half the time. */
export const setup = async (): Promise<void> => void (await compileWhenStale());
