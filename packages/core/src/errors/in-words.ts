import { VivariumError } from './vivarium-error.ts';

/** A failure as a person reads it. */
export interface Told {
  readonly message: string;
  readonly fix?: string;
}

interface Refusal {
  readonly because: string;
  readonly fix: string;
}

const FREE_SPACE = 'Free some disk space; the next write tries again';
const GIVE_ACCESS = 'Give the user who runs Vivarium access to it (ls -l says who has it)';
const RAISE_LIMIT = 'Raise the limit and start again, e.g. ulimit -n 4096';

/** What the system means by the codes with which it refuses work that is otherwise sound. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ENOSPC: { because: 'the disk is full', fix: FREE_SPACE },
  EDQUOT: { because: 'this user may use no more of the disk', fix: FREE_SPACE },
  EFBIG: { because: 'this process may write no larger file', fix: 'Raise the limit (ulimit -f) and start again' },
  EROFS: {
    because: 'the file system is mounted read-only',
    fix: 'Mount it writable, or set VIVARIUM_WORKSPACE to a folder that can be written',
  },
  EACCES: { because: 'this user may not', fix: GIVE_ACCESS },
  EPERM: { because: 'this user may not', fix: GIVE_ACCESS },
  EMFILE: { because: 'this process has as many files open as it may', fix: RAISE_LIMIT },
  ENFILE: { because: 'the system has as many files open as it can', fix: 'Close other programs, or raise fs.file-max' },
  ENOMEM: { because: 'there is no memory left', fix: 'Close other programs, or give this one more memory' },
  EAGAIN: { because: 'no more processes may be started', fix: 'Raise the limit on processes (ulimit -u) and start again' },
  EIO: { because: 'the disk does not work', fix: 'Look at the system’s log (dmesg) and at the disk' },
  ENODEV: { because: 'the disk is gone', fix: 'Look whether it is still mounted' },
};

/** The kernel's watches run out under the codes of files. */
const NO_WATCH: Refusal = {
  because: 'the kernel gives no more watches of files',
  fix: 'Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (sysctl)',
};

/** What stands behind a refusal of the system; undefined for every other failure. */
export function refusalBehind(error: unknown): (Refusal & { readonly code: string; readonly path?: string }) | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (!('syscall' in at) || !Object.hasOwn(REFUSALS, code)) continue;
    const refusal = at.syscall === 'watch' ? NO_WATCH : REFUSALS[code];
    if (refusal) return { ...refusal, code, ...('path' in at && typeof at.path === 'string' ? { path: at.path } : {}) };
  }
  return undefined;
}

/** What happened, where, and what to do. What the system refused is told as that, whatever it kept from being done. */
export function inWords(error: unknown): Told {
  const refusal = refusalBehind(error);
  const said = error instanceof Error ? error.message : String(error);
  const fix = error instanceof VivariumError ? error.fix : undefined;
  if (!refusal) return { message: said, ...(fix === undefined ? {} : { fix }) };
  const what = error instanceof VivariumError ? said : (refusal.path ?? 'A file of Vivarium');
  return { message: `${what}: ${refusal.because} (${refusal.code})`, fix: refusal.fix };
}
