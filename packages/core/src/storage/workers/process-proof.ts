import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from '../documents/error-code.ts';

/** What tells one process from every other that ever had its pid. Fields are empty where the system has no /proc. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly process_start: string;
  readonly boot_id: string;
  readonly host: string;
}

const STATE = 0;
/** `starttime` is field 22 of /proc/<pid>/stat; the fields after the name begin with field 3. */
const START_TIME = 19;

let bootId: string | undefined;

/** The identity of a running process of this machine; its own by default. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity {
  return { pid, process_start: readStat(pid)?.[START_TIME] ?? '', boot_id: currentBoot(), host: hostname() };
}

/** An id that changes with every boot of this machine; empty when the system does not tell. */
export function currentBoot(): string {
  bootId ??= readQuietly('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return bootId;
}

/**
 * Whether that process has certainly ended: the machine booted since, the pid is free or a zombie, or another process
 * has it. False whenever it cannot be known, as for a process of another host.
 */
export function isProvablyDead(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return false;
  const boot = currentBoot();
  if (boot !== '' && identity.boot_id !== '' && identity.boot_id !== boot) return true;
  if (boot === '' || identity.process_start === '') return !exists(identity.pid);
  const stat = readStat(identity.pid);
  if (stat === undefined) return !exists(identity.pid);
  return stat[STATE] === 'Z' || stat[STATE] === 'X' || stat[START_TIME] !== identity.process_start;
}

/** Whether some process has this pid. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** The fields of /proc/<pid>/stat after the program's name, which may itself hold blanks and brackets. */
function readStat(pid: number): readonly string[] | undefined {
  const text = readQuietly(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
