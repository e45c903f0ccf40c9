import { createHash } from 'node:crypto';

/** Long enough for a worker that is called first to have claimed, by far. */
const STEP_MS = 25;
/** So many workers one after the other; whoever stands behind them asks with the last. */
const MOST_STEPS = 12;
/** Who is alive is looked at anew so often at most. */
const FRESH_MS = 1_000;

/**
 * How long this worker lets others go first when all of them hear of a task at the same moment, in milliseconds. Every worker
 * puts them into the same order, another one for each task. It only saves claims that come second: the log decides.
 */
export function turns(self: string, liveWorkers: () => readonly string[], now: () => number): (task_id: string) => number {
  let known: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  return (task_id) => {
    if (now() - lookedAt >= FRESH_MS) {
      known = liveWorkers().filter((worker) => worker !== self);
      lookedAt = now();
    }
    if (known.length === 0) return 0;
    const mine = place(task_id, self);
    return Math.min(MOST_STEPS, known.filter((worker) => place(task_id, worker) < mine).length) * STEP_MS;
  };
}

const place = (task_id: string, worker: string): string => createHash('sha1').update(`${task_id}\n${worker}`).digest('hex');
