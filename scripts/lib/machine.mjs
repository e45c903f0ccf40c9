import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** What helps where the system refuses a file, by the code of its refusal. */
const HELP = {
  ENOSPC: 'The disk is full: free some space',
  EDQUOT: 'This user may use no more of the disk: free some space',
  EROFS: 'The file system is mounted read-only: mount it writable, or put the folder elsewhere',
  EACCES: 'Give the user who runs this write access to it',
  EPERM: 'Give the user who runs this write access to it',
  EMFILE: 'This process may open too few files: raise the limit, e.g. ulimit -n 4096',
  ENFILE: 'The whole system has too many files open: close programs, or raise fs.file-max',
};

/** With fewer, not even installing and compiling work. */
const NEEDED_FILES = 256;

/** Why nothing can be started here, with what to do; undefined when it can. */
export function tooNarrow() {
  const limit = openFiles();
  if (!(limit < NEEDED_FILES)) return undefined;
  return `A process may open only ${limit} files here, and Vivarium needs ${NEEDED_FILES}. Raise the limit, e.g. ulimit -n 4096`;
}

/** The hard limit: Node raises its own to that. NaN where the system does not tell. */
function openFiles() {
  try {
    return Number(/^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}

/** The code with which the system refuses a new file in a folder; undefined when it takes one. */
export function refusalOf(folder) {
  try {
    rmdirSync(mkdtempSync(join(folder, '.vivarium-')));
    return undefined;
  } catch (error) {
    return error.code ?? String(error);
  }
}

/** A sentence for a person: what is refused, and what to do. */
export function whyNot(folder, code) {
  return `Nothing can be written to ${folder} (${code}). ${Object.hasOwn(HELP, code) ? HELP[code] : 'Look at the disk and the path'}`;
}
