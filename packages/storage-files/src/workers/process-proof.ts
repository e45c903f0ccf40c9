import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf, type Fate, type ProcessIdentity } from '@vivarium/core';

const STATE = 0;
/** `starttime` is field 22 of /proc/<pid>/stat; the fields after the name begin with field 3. */
const START_TIME = 19;

interface Sight {
  readonly boot_id: string;
  readonly pid_ns: string;
  readonly time_ns: string;
  /** False where /proc is mounted for another namespace: its numbers are not the ones this process knows. */
  readonly procIsOurs: boolean;
}

let sight: Sight | undefined;

/** The identity of a running process in this one's sight; its own by default. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity {
  const { boot_id, pid_ns, time_ns } = own();
  return { pid, process_start: readStat(pid)?.[START_TIME] ?? '', boot_id, host: hostname(), pid_ns, time_ns };
}

/** Whether the monotonic clock that a process wrote down is the one that this process reads. */
export function sharesClock({ boot_id, time_ns }: Pick<ProcessIdentity, 'boot_id' | 'time_ns'>): boolean {
  return boot_id !== '' && boot_id === own().boot_id && time_ns === own().time_ns;
}

/**
 * What became of a process. A pid is asked for only where it means the same: on this machine, in this PID namespace. It is
 * dead when the machine booted since, the pid is free or a zombie, or another process has it.
 */
export function fateOf(identity: ProcessIdentity): Fate {
  const { boot_id, pid_ns } = own();
  if (identity.pid_ns !== pid_ns) return 'unknown';
  const knowsBoot = boot_id !== '' && identity.boot_id !== '';
  if ((!knowsBoot || identity.boot_id !== boot_id) && identity.host !== hostname()) return 'unknown';
  if (knowsBoot && identity.boot_id !== boot_id) return 'dead';
  const stat = identity.time_ns === own().time_ns && identity.process_start !== '' ? readStat(identity.pid) : undefined;
  if (stat === undefined) return exists(identity.pid) ? 'alive' : 'dead';
  const ended = stat[STATE] === 'Z' || stat[STATE] === 'X' || stat[START_TIME] !== identity.process_start;
  return ended ? 'dead' : 'alive';
}

function own(): Sight {
  sight ??= {
    boot_id: quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    pid_ns: quietly(() => readlinkSync('/proc/self/ns/pid')) ?? '',
    time_ns: quietly(() => readlinkSync('/proc/self/ns/time')) ?? '',
    procIsOurs: quietly(() => readlinkSync('/proc/self')) === String(process.pid),
  };
  return sight;
}

/** Whether some process has this pid. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** The fields of /proc/<pid>/stat after the program's name, which may itself hold blanks and brackets. */
function readStat(pid: number): readonly string[] | undefined {
  if (pid !== process.pid && !own().procIsOurs) return undefined;
  const text = quietly(() => readFileSync(`/proc/${pid === process.pid ? 'self' : pid}/stat`, 'utf8'));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
