import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How often it is looked whether another process is through. */
const LOOK_MS = 40;

const here = new Map<string, Promise<unknown>>();

/**
 * Do a piece of work that ends in a file once, however many ask for it at the same time, in this process and in others. `known`
 * reads what it came to; whoever finds nothing when the one at work has ended, or asked `longest_ms` in vain, does it itself.
 */
export async function oneAtWork<T>(
  file: string,
  { known, work, longest_ms }: { known: () => T | undefined; work: () => Promise<T>; longest_ms: number },
): Promise<T> {
  for (let busy = here.get(file); busy; busy = here.get(file)) {
    await busy.catch(() => undefined);
    const found = known();
    if (found !== undefined) return found;
  }
  const mine = throughLock(`${file}.lock`, { known, work, longest_ms });
  here.set(file, mine);
  try {
    return await mine;
  } finally {
    here.delete(file);
  }
}

async function throughLock<T>(
  lock: string,
  { known, work, longest_ms }: { known: () => T | undefined; work: () => Promise<T>; longest_ms: number },
): Promise<T> {
  for (const until = performance.now() + longest_ms; !take(lock); await delay(LOOK_MS)) {
    const found = known();
    if (found !== undefined) return found;
    if (!isHeld(lock) || performance.now() > until) rmSync(lock, { force: true });
  }
  try {
    return known() ?? (await work());
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that took it lives; one that was taken a moment ago may not say whose it is yet. */
function isHeld(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
