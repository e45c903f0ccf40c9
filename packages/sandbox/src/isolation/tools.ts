import { lstatSync, realpathSync } from 'node:fs';

const BWRAP = ['/usr/bin/bwrap', '/bin/bwrap'];
const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'];

/** The tools that this machine has. */
export interface Tools {
  readonly bwrap?: string;
  readonly prlimit?: string;
}

export const findTools = (): Tools => {
  const bwrap = firstFile(BWRAP);
  const prlimit = firstFile(PRLIMIT);
  return { ...(bwrap ? { bwrap } : {}), ...(prlimit ? { prlimit } : {}) };
};

/** The first of some fixed paths that is a file. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return lstatSync(realpathSync(path)).isFile();
    } catch {
      return false;
    }
  });
}
