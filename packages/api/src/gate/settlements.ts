import type { BudgetLedger, Logger } from '@vivarium/core';

const TRY_AGAIN_MS = 1_000;

/**
 * Settles calls in the budget, and goes on trying when the disk refuses: until a settlement lands its reservation stands,
 * so the cap holds meanwhile.
 */
export class Settlements {
  readonly #budget: Pick<BudgetLedger, 'settle'>;
  readonly #log: Logger;
  readonly #open = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(budget: Pick<BudgetLedger, 'settle'>, log: Logger) {
    this.#budget = budget;
    this.#log = log;
  }

  async settle(callId: string, costUsd: number): Promise<void> {
    try {
      await this.#budget.settle(callId, costUsd);
      this.#open.delete(callId);
    } catch (error) {
      this.#log.error({ err: error, call_id: callId }, 'a settlement could not be written; its reservation stands until it can');
      this.#open.set(callId, costUsd);
      if (this.#closed) return;
      this.#timer ??= setTimeout(() => void this.flush(), TRY_AGAIN_MS).unref();
    }
  }

  /** Try one last time; what the disk still refuses is settled from the stored answers at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  /** Try again what the disk refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await Promise.all([...this.#open].map(([callId, cost]) => this.settle(callId, cost)));
  }
}
