import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Something to be seen in a sandbox, besides the system. */
export interface Mount {
  readonly from: string;
  readonly at: string;
  /** `entries-ro`: a folder in memory that shows each entry of `from`, read-only. `tmpfs` takes nothing from `from`. */
  readonly mode: 'ro' | 'rw' | 'tmpfs' | 'entries-ro';
  /** Of a folder in memory. */
  readonly bytes?: number;
}

/** Each mount makes the next one slower; a folder with more entries is shown by links to one mount. */
const MAX_BINDS = 200;
/** Where such a folder is seen whole. Its own name stays, because programs look beside a file for what it needs. */
const WHOLE = '/run/entries';
/** Runners write there, beside what is installed; each run begins without them, since they would be read-only. */
const WRITTEN_BY_RUNNERS = new Set(['.cache', '.vite', '.vite-temp', '.vitest']);

/** bubblewrap's words for some mounts, outer ones first. */
export function mountArgs(mounts: readonly Mount[], defaultBytes: number): string[] {
  const outerFirst = [...mounts].sort((a, b) => depth(a.at) - depth(b.at));
  return outerFirst.flatMap(({ from, at, mode, bytes = defaultBytes }, index) => {
    if (mode === 'ro') return ['--ro-bind', from, at];
    if (mode === 'rw') return ['--bind', from, at];
    const memory = ['--size', String(bytes), '--perms', '0755', '--tmpfs', at];
    return mode === 'tmpfs' ? memory : [...memory, ...entryArgs(from, at, `${WHOLE}/${index}`)];
  });
}

/** Where the folders in memory are, for what they hold to be counted. */
export const memoryFolders = (mounts: readonly Mount[]): string[] =>
  mounts.filter(({ mode }) => mode === 'tmpfs' || mode === 'entries-ro').map(({ at }) => at);

const depth = (path: string): number => path.split('/').filter(Boolean).length;

function entryArgs(from: string, at: string, whole: string): string[] {
  const entries = entriesOf(from);
  if (entries === undefined) return ['--ro-bind', from, `${whole}/missing`];
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const others = entries.filter((entry) => !entry.isSymbolicLink());
  const kept = links.flatMap(({ name }) => ['--symlink', readlinkSync(join(from, name)), `${at}/${name}`]);
  if (others.length <= MAX_BINDS)
    return [...kept, ...others.flatMap(({ name }) => ['--ro-bind', join(from, name), `${at}/${name}`])];
  const seen = `${whole}/${at.split('/').at(-1)}`;
  return ['--ro-bind', from, seen, ...kept, ...others.flatMap(({ name }) => ['--symlink', `${seen}/${name}`, `${at}/${name}`])];
}

/** Undefined: there is no such folder; bubblewrap then says so. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !WRITTEN_BY_RUNNERS.has(name));
  } catch {
    return undefined;
  }
}
