const MINUTE_MS = 60_000;

/** How often each one did something within any minute, in this process. Who is refused is not counted. */
export class RateLimit {
  readonly #times = new Map<string, number[]>();

  /** Count one; otherwise returns the milliseconds until there is room. */
  take(who: string, most: number, now_ms: number): number {
    const recent = (this.#times.get(who) ?? []).filter((at) => now_ms - at < MINUTE_MS);
    this.#times.set(who, recent);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= most) return MINUTE_MS - (now_ms - oldest);
    recent.push(now_ms);
    return 0;
  }
}
