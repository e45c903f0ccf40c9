import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How long bwrap may take to end after what is in it was killed. */
const CAGE_MS = 1_000;

/** With its first process everything in a sandbox ends; bwrap collects that one, and then ends by itself. */
export function killCage(child: ChildProcess): void {
  const killed = childrenOf(child.pid).filter((pid) => kill(pid));
  if (killed.length === 0) killGroup(child);
  const late = setTimeout(() => killGroup(child), CAGE_MS).unref();
  child.once('exit', () => clearTimeout(late));
}

export function childrenOf(pid: number | undefined): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The group lives as long as any member of it, whatever became of its leader. */
export function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && !kill(-child.pid)) child.kill('SIGKILL');
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
