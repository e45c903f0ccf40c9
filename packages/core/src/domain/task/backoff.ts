const FIRST_MS = 1000;
const CAP_MS = 60_000;
/** How far jitter may move a delay either way, as a share of it. */
const JITTER = 0.25;

/**
 * How long a task waits before its next try (a provider's gaps: `api/src/gate/circuits`), in milliseconds: doubles from one second to a minute, moved by up to a quarter so
 * that tasks which failed together do not return together. `random` is 0..1.
 */
export function backoffMs(failures: number, random: number): number {
  const delay = Math.min(CAP_MS, FIRST_MS * 2 ** Math.max(0, Math.min(failures, 20) - 1));
  return Math.round(delay * (1 + JITTER * (2 * random - 1)));
}

/**
 * Whether a timer has run out. A clock that was set back behind the moment the timer was set proves nothing about the
 * delay, so the timer then counts as run out: a task may run early, but never waits for a clock to catch up.
 */
export function isDue(timer: { at: string; set_at: string }, now: Date): boolean {
  const ms = now.getTime();
  return ms >= Date.parse(timer.at) || ms < Date.parse(timer.set_at) - 5000;
}
