import { NUMBERS } from '../../domain/social/numbers.ts';

const MINUTE_MS = 60_000;

/** How often each resident acted within the last minute, in this process. */
export class RateLimit {
  readonly #acts = new Map<string, number[]>();

  /** Count an act; otherwise returns the milliseconds until the next one is due. */
  take(identity_id: string, now_ms: number): number {
    const recent = (this.#acts.get(identity_id) ?? []).filter((at) => now_ms - at < MINUTE_MS);
    this.#acts.set(identity_id, recent);
    if (recent.length >= NUMBERS.acts_per_minute) return MINUTE_MS - (now_ms - (recent[0] ?? now_ms));
    recent.push(now_ms);
    return 0;
  }
}
