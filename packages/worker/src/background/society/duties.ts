import { asRuntime, type Clock, dueActs, dutyMark, isFatal, type SocietyStore } from '@vivarium/core';
import type { Log } from '../../pipeline/runtime.ts';

const GAP_MS = 30_000;

export interface DutiesOptions {
  readonly society: SocietyStore;
  readonly clock: Clock;
  /** False under HALT and PAUSE. */
  readonly running: () => boolean;
  readonly log: Log;
}

/** What the runtime owes the society and nobody asks for: opened bids, milestones, recognition, personal bests, what looks wrong. */
export class Duties {
  readonly #options: DutiesOptions;
  #seen = '';
  #looked = Number.NEGATIVE_INFINITY;
  #work: Promise<void> = Promise.resolve();

  constructor(options: DutiesOptions) {
    this.#options = options;
  }

  /** Do what is due. Looks only when something happened since or the day changed. @throws StorageError when the disk is lost */
  look(): Promise<void> {
    this.#work = this.#work.catch(() => undefined).then(() => this.#look());
    return this.#work;
  }

  /** A last look: a worker that ends with its work would leave what that work made due. */
  async close(): Promise<void> {
    this.#looked = Number.NEGATIVE_INFINITY;
    await this.look().catch(() => undefined);
  }

  async #look(): Promise<void> {
    const { society, clock, running, log } = this.#options;
    if (!running() || clock.monotonicMs() - this.#looked < GAP_MS) return;
    this.#looked = clock.monotonicMs();
    try {
      await society.refresh();
      const now = clock.now().toISOString();
      if (dutyMark(society.world, now) === this.#seen) return;
      for (const { action, args } of dueActs(society.world, now)) {
        const answer = await society.act(asRuntime, action, args);
        if (answer.ok) log.info({ action, ...answer }, 'a duty was done');
      }
      this.#seen = dutyMark(society.world, now);
    } catch (err) {
      if (isFatal(err)) throw err;
      log.warn({ err }, 'what was due in the society was not done; trying again later');
    }
  }
}
