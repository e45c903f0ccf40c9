import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@vivarium/core';

export type Room = { readonly ok: true } | { readonly ok: false; readonly retry_after_ms: number };

/**
 * The pace of calls: starts full, refills evenly. Whoever has to wait takes the token at once and pays it back by waiting,
 * so calls come through in order of arrival.
 */
export class TokenBucket {
  readonly perMinute: number;
  readonly #clock: Clock;
  #tokens: number;
  #at: number;

  constructor(perMinute: number, clock: Clock) {
    this.perMinute = perMinute;
    this.#clock = clock;
    this.#tokens = perMinute;
    this.#at = clock.monotonicMs();
  }

  /** Take one call's place, waiting at most `maxWaitMs` for it. @throws the signal's reason */
  async take(maxWaitMs: number, signal: AbortSignal): Promise<Room> {
    this.#refill();
    const wait = Math.max(0, ((1 - this.#tokens) * 60_000) / this.perMinute);
    if (wait > maxWaitMs) return { ok: false, retry_after_ms: Math.ceil(wait) };
    this.#tokens -= 1;
    if (wait === 0) return { ok: true };
    try {
      await sleep(wait, undefined, { signal });
    } catch {
      this.giveBack();
      throw signal.reason;
    }
    return { ok: true };
  }

  /** The place was not used: no call was made. */
  giveBack(): void {
    this.#tokens = Math.min(this.perMinute, this.#tokens + 1);
  }

  #refill(): void {
    const now = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.perMinute, this.#tokens + ((now - this.#at) * this.perMinute) / 60_000);
    this.#at = now;
  }
}
