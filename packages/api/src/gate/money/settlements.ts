import { type Audit, type BudgetLedger, type Logger, StorageError } from '@vivarium/core';

const TRY_AGAIN_MS = 1_000;

/**
 * Settles calls in the budget, and goes on trying when the disk refuses: until a settlement lands its reservation stands,
 * so the cap holds meanwhile. A call's line in the audit comes first: whoever dies in between leaves a reservation, from
 * which the next start writes both, and never money without a line.
 */
export class Settlements {
  readonly #budget: Pick<BudgetLedger, 'settle'>;
  readonly #audit: Pick<Audit, 'flush'>;
  readonly #log: Logger;
  readonly #open = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(budget: Pick<BudgetLedger, 'settle'>, audit: Pick<Audit, 'flush'>, log: Logger) {
    this.#budget = budget;
    this.#audit = audit;
    this.#log = log;
  }

  async settle(callId: string, costUsd: number): Promise<void> {
    try {
      if (!this.#audit.flush()) throw new StorageError('The audit takes no line');
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
