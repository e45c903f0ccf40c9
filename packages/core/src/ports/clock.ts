/** Time as the runtime reads it, so that tests can own it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since the machine's boot; unaffected by a wall clock that jumps. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
};
