import type { GateCall } from '../call/gate-call.ts';
import type { CallTime } from '../client/adapter.ts';

/** A server on this machine may load its model first, and think on a processor. */
const FREE_SECONDS = 600;
const PAID_SECONDS = 120;
/** For a whole answer that goes on streaming. */
const LONGEST_MS = 3_600_000;

/** Everything that a call may take: waiting, tries, and the answer. */
export const wholeMs = ({ timeout_ms }: Pick<GateCall, 'timeout_ms'>): number => timeout_ms ?? LONGEST_MS;

/** What one try may take. A time that the call names is for the whole of it; else only silence ends it. */
export function callTime(
  { timeout_ms }: Pick<GateCall, 'timeout_ms'>,
  left_ms: number,
  seconds: number | undefined,
  free: boolean,
): CallTime {
  if (timeout_ms !== undefined) return { silence_ms: left_ms, total_ms: left_ms };
  const silence_ms = (seconds ?? (free ? FREE_SECONDS : PAID_SECONDS)) * 1_000;
  return { silence_ms: Math.min(silence_ms, left_ms), total_ms: left_ms };
}
