import type { Line } from '../../kit/read-log.ts';
import type { Life } from '../../kit/world.ts';
import type { Freeze } from '../crew.ts';
import type { ModelCall } from '../model.ts';
import type { Found } from './found.ts';

/** How soon after an answer the API has it on disk, on a busy machine. */
const KEEP_MS = 3_000;
/** As close as the campaign's clock tells a death from a call. */
const CLOSE_MS = 20;

export interface Times {
  readonly apis: readonly Life[];
  readonly freezes: readonly Freeze[];
  readonly fullDisk: readonly { readonly from: number; readonly to: number }[];
}

/**
 * Every answer carries a mark, so the log of kept answers tells which were kept, and under which key. An answer that was
 * bought and not kept needs an excuse: the API that asked for it ended before it could keep it. Without one it was
 * bought twice, or paid for and thrown away.
 */
export function checkAnswers(found: Found, executions: readonly Line[], calls: readonly ModelCall[], times: Times): void {
  const keys = new Map<string, string>();
  const kept = new Set<string>();
  for (const line of executions) {
    const key = String(line['execution_key']);
    if (keys.has(key)) found.broke('nothing is done twice', `the answer ${key} was kept twice`);
    const text = JSON.stringify(line['result']);
    keys.set(key, text);
    for (const mark of text.match(/#\d+#/g) ?? []) kept.add(mark);
  }
  found.count('answers kept', keys.size);
  for (const call of calls) {
    if (!call.good) continue;
    found.count('answers bought');
    if (kept.has(call.mark)) continue;
    found.count('answers lost with their API');
    if (!isExcused(call, times))
      found.broke('nothing is done twice', `the ${call.purpose} answer ${call.mark} for ${call.task} was bought and not kept`);
  }
}

function isExcused({ at, delay_ms }: ModelCall, { apis, freezes, fullDisk }: Times): boolean {
  const inTime = at + delay_ms + KEEP_MS;
  return apis.some((life) => {
    const died = life.died_at ?? Number.POSITIVE_INFINITY;
    if (life.born_at > at || died < at - CLOSE_MS) return false;
    const stood = freezes
      .filter((freeze) => freeze.life === life)
      .reduce((sum, { from, to }) => sum + overlap(at, died, from, to), 0);
    const full = fullDisk.reduce((sum, { from, to }) => sum + overlap(at, died, from, to + KEEP_MS), 0);
    return died <= inTime + stood + full;
  });
}

const overlap = (a: number, b: number, from: number, to: number): number => Math.max(0, Math.min(b, to) - Math.max(a, from));
