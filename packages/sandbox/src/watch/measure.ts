import { TASKS_PER_PROCESS } from '../isolation/limits.ts';
import type { FolderCount } from './folders.ts';
import type { Member, View } from './view.ts';

export interface SandboxLimits {
  /** Of all processes together, and of what they put into folders in memory. */
  readonly memory_bytes: number;
  readonly processes: number;
  /** Written below the counted folders. */
  readonly disk_bytes: number;
  readonly files: number;
  /** Of one file. */
  readonly file_bytes: number;
}

export interface Measure {
  readonly limit: 'memory' | 'processes' | 'disk' | 'files';
  readonly value: number;
  readonly allowed: number;
}

/** What the processes of a sandbox use. `memory` are its folders in memory. */
export function measureProcesses(view: View, memory: readonly string[], limits: SandboxLimits): Measure[] {
  // The first process is ours.
  const pids = view.pids().filter((pid) => pid !== 1);
  const { processes: allowed, memory_bytes } = limits;
  if (pids.length > allowed) return [{ limit: 'processes', value: pids.length, allowed }];
  const members = pids.map(view.member).filter((member) => member !== undefined);
  const threads = members.reduce((sum, member) => sum + member.threads, 0);
  const held = memory.map(view.held);
  const inFolders = held.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    { limit: 'processes', value: Math.max(members.length, Math.ceil(threads / TASKS_PER_PROCESS)), allowed },
    { limit: 'memory', value: inFolders + inProcesses(view, members, memory_bytes - inFolders), allowed: memory_bytes },
    { limit: 'files', value: held.reduce((sum, { files }) => sum + files, 0), allowed: limits.files },
  ];
}

/** The quick sum counts memory once for each process that shares it; only when that is too much it is counted exactly. */
function inProcesses(view: View, members: readonly Member[], room: number): number {
  const quick = members.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0);
  if (quick <= room || members.length === 1) return quick;
  return members.reduce((sum, { pid, rss_bytes }) => sum + (view.share(pid) ?? rss_bytes), 0);
}

/** What was written into the counted folders. `final`: however dear it is to look. */
export function measureFolders(folders: FolderCount, view: View | undefined, limits: SandboxLimits, final = false): Measure[] {
  const { disk_bytes, file_bytes, files: allowed } = limits;
  const counted = folders.look(final);
  const { bytes = 0, files = 0, largest = 0, unseen = false } = counted ?? {};
  const shrunk = folders.shrunk();
  // Space that went without a file to show for it: files that are open and in no folder, or in one that cannot be read.
  const hidden = shrunk > disk_bytes ? (view?.pids() ?? []).reduce((sum, pid) => sum + (view?.unlinked(pid) ?? 0), 0) : 0;
  return [
    { limit: 'files', value: files, allowed },
    { limit: 'disk', value: unseen ? Math.max(bytes, shrunk) : bytes + hidden, allowed: disk_bytes },
    { limit: 'disk', value: largest, allowed: file_bytes },
  ];
}
