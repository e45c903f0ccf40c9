import { readdirSync, readFileSync } from 'node:fs';
import { namesIn } from '../../kit/read-log.ts';
import type { FaultWorld } from '../../kit/world.ts';
import type { Found } from './found.ts';

/** After everybody was ended: no process of this world runs, and nothing holds a lock. */
export function checkLoose(found: Found, { root, paths }: FaultWorld): void {
  for (const { pid, what } of processesOf(root)) found.broke('nothing runs loose', `process ${pid} still runs: ${what}`);
  for (const name of namesIn(paths.taskLocks)) found.broke('nothing runs loose', `the lock ${name} is left`);
}

/** Processes whose command line or environment names the workspace. */
function processesOf(root: string): { pid: number; what: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const what = textOf(pid, 'cmdline');
    const belongs = what.includes(root) || textOf(pid, 'environ').includes(`VIVARIUM_WORKSPACE=${root}\0`);
    return belongs ? [{ pid: Number(pid), what: what.replaceAll('\0', ' ').slice(0, 120) }] : [];
  });
}

function textOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
