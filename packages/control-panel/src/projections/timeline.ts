const MINUTE_MS = 60_000;
const KEEP_MINUTES = 7 * 24 * 60;

/** Amounts by minute over the last week; older minutes are forgotten. */
export class Timeline {
  readonly #minutes = new Map<number, number>();

  add(at: string, amount: number): void {
    const minute = Math.floor(Date.parse(at) / MINUTE_MS);
    if (amount === 0 || !Number.isFinite(minute)) return;
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + amount);
    if (this.#minutes.size > KEEP_MINUTES * 1.1) this.#forget();
  }

  /** The sum in each step from `from` to `to`, oldest first; all three in milliseconds, steps of whole minutes. */
  sums(from: number, to: number, step: number): readonly number[] {
    const sums = new Array<number>(Math.max(0, Math.ceil((to - from) / step))).fill(0);
    for (const [minute, amount] of this.#minutes) {
      const index = Math.floor((minute * MINUTE_MS - from) / step);
      const sum = sums[index];
      if (sum !== undefined) sums[index] = sum + amount;
    }
    return sums;
  }

  #forget(): void {
    const newest = Math.max(...this.#minutes.keys());
    for (const minute of this.#minutes.keys()) if (minute < newest - KEEP_MINUTES) this.#minutes.delete(minute);
  }
}
