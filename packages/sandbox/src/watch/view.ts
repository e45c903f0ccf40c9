import { closeSync, openSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { childrenOf } from '../process/kill.ts';

/** One process of a sandbox. */
export interface Member {
  readonly pid: number;
  readonly rss_bytes: number;
  readonly threads: number;
}

/** A sandbox as it is seen from outside, through its own list of processes: nothing that is not its own is in it. */
export interface View {
  pids(): readonly number[];
  member(pid: number): Member | undefined;
  /** The memory a process has, its part of what it shares counted once; undefined when that is not to be had. */
  share(pid: number): number | undefined;
  /** What lies in a folder in memory. */
  held(folder: string): { readonly bytes: number; readonly files: number };
  /** Bytes on disks of files that a process keeps open though no folder holds them. */
  unlinked(pid: number): number;
  close(): void;
}

/** The kinds of file systems in memory; what they hold is counted there. */
const MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);
const PID = /^\d+$/;
/** Where the words after the program's name begin to count: the third of `/proc/<pid>/stat`. */
const THREADS = 20 - 3;
const RSS = 24 - 3;

/** Undefined as long as bubblewrap has not finished the sandbox. */
export function openView(bwrapPid: number): View | undefined {
  const first = childrenOf(bwrapPid)[0];
  if (first === undefined) return undefined;
  let root: number | undefined;
  try {
    // A descriptor stays with this sandbox, whoever has the number later.
    root = openSync(`/proc/${first}/root`, 'r');
    const inside = `/proc/self/fd/${root}`;
    if (statSync(`${inside}/proc/1`).dev === statSync('/proc').dev) throw new Error('it still sees all of the machine');
    return viewOf(inside, root);
  } catch {
    if (root !== undefined) closeSync(root);
    return undefined;
  }
}

function viewOf(inside: string, root: number): View {
  const proc = `${inside}/proc`;
  return {
    pids: () => (attempt(() => readdirSync(proc)) ?? []).filter((name) => PID.test(name)).map(Number),
    member: (pid) => attempt(() => memberOf(pid, readFileSync(`${proc}/${pid}/stat`, 'latin1'))),
    share: (pid) =>
      attempt(() => Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`${proc}/${pid}/smaps_rollup`, 'latin1'))?.[1]) * 1_024),
    held: (folder) => attempt(() => heldIn(inside + folder)) ?? { bytes: 0, files: 0 },
    unlinked: (pid) => attempt(() => unlinkedOf(`${proc}/${pid}/fd`)) ?? 0,
    close: () => closeSync(root),
  };
}

function memberOf(pid: number, stat: string): Member {
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, rss_bytes: Number(words[RSS]) * pageBytes(), threads: Number(words[THREADS]) };
}

function heldIn(folder: string): { bytes: number; files: number } {
  const { blocks, bfree, bsize, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree };
}

function unlinkedOf(folder: string): number {
  const sizes = readdirSync(folder).map((name) =>
    attempt(() => {
      const found = statSync(`${folder}/${name}`);
      return found.nlink === 0 && found.isFile() && !MEMORY.has(statfsSync(`${folder}/${name}`).type) ? found.blocks * 512 : 0;
    }),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** What has gone meanwhile is no matter. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const AT_PAGESZ = 6n;
const DEFAULT_PAGE = 4_096;
let pageBytesOnce: number | undefined;

/** From what the kernel told this program at its start: pairs of a kind and a value. */
function pageBytes(): number {
  pageBytesOnce ??= attempt(() => {
    const told = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= told.length; at += 16)
      if (told.readBigUInt64LE(at) === AT_PAGESZ) return Number(told.readBigUInt64LE(at + 8));
    return DEFAULT_PAGE;
  });
  return pageBytesOnce ?? DEFAULT_PAGE;
}
