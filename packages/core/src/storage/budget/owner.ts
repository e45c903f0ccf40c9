import { readFileSync } from 'node:fs';
import type { Owner } from '../../domain/budget/record.ts';

let self: Owner | undefined;

/** Who this process is, so that a later one can tell whether it still lives. */
export function thisProcess(): Owner {
  self ??= { pid: process.pid, process_start: startOf(process.pid) ?? '', boot_id: bootId() };
  return self;
}

/** false only when the process provably no longer exists on this machine. */
export function isAlive(owner: Owner): boolean {
  if (owner.boot_id !== thisProcess().boot_id) return false;
  if (owner.process_start !== '') return startOf(owner.pid) === owner.process_start;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time in clock ticks; undefined for no process, a zombie, or a system without /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
