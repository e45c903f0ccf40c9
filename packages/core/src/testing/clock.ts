import type { Clock } from '../ports/clock.ts';

/** A clock that stands still until it is told otherwise. `monotonicMs` runs with it, unless the wall clock is set. */
export class FakeClock implements Clock {
  #wall_ms: number;
  #monotonic_ms = 1_000_000;

  constructor(start = '2026-01-01T00:00:00.000Z') {
    this.#wall_ms = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#wall_ms);
  }

  monotonicMs(): number {
    return this.#monotonic_ms;
  }

  advance(ms: number): void {
    this.#wall_ms += ms;
    this.#monotonic_ms += ms;
  }

  /** Set the wall clock, as a person or a time server would; the machine's own clock does not notice. */
  setWall(instant: string): void {
    this.#wall_ms = Date.parse(instant);
  }
}
