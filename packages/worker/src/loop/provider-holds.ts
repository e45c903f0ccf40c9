import type { Hold, StatusReport, TaskRecord } from '@vivarium/core';
import type { Runtime } from '../pipeline/runtime.ts';
import type { ModelPause } from './model-pause.ts';

const LOOK_MS = 3_000;

type Needs = Pick<Runtime, 'store' | 'api' | 'worker_id' | 'log' | 'clock'>;

/**
 * Ends what waits for a model without waiting for a person. All holds end when the way to a model has changed or a refusal
 * is over; while it stands, one of those held for the same reason is let go when its time has come, and its call finds out
 * for all. Asks the API only while something waits. `checked` becomes true with the first look, so that a worker does not
 * call itself idle before it.
 */
export class ProviderHolds {
  #checked = false;
  readonly #held = new Map<string, Hold>();
  readonly #runtime: Needs;
  readonly #pause: Pick<ModelPause, 'left' | 'clear'>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(runtime: Needs, pause: Pick<ModelPause, 'left' | 'clear'>) {
    this.#runtime = runtime;
    this.#pause = pause;
    for (const record of allWaiting(runtime)) this.#note(record);
  }

  get checked(): boolean {
    return this.#checked;
  }

  /** Listen for holds that begin and end. Returns the way to stop. */
  start(): () => void {
    const silence = this.#runtime.store.onEvent(({ event }, record) => {
      // A person who retries wants the provider asked now.
      if (event === 'task_retried') this.#pause.clear();
      this.#note(record);
    });
    return () => {
      this.#stopped = true;
      silence();
      clearTimeout(this.#timer);
    };
  }

  /** Compare every hold with the provider as it is and end those whose reason is gone. */
  async check(): Promise<void> {
    try {
      const provider = this.#isWaiting() ? (await this.#runtime.api.status())?.provider : undefined;
      if (provider) {
        if (this.#pause.left > LOOK_MS && provider.circuit?.state !== 'backing_off') this.#pause.clear();
        for (const id of this.#due(provider)) await this.#end(id);
      }
    } catch (err) {
      this.#runtime.log.warn({ err }, 'holds could not be looked at');
    }
    this.#checked = true;
    this.#schedule();
  }

  #isWaiting(): boolean {
    return this.#held.size > 0 || this.#pause.left > LOOK_MS;
  }

  /** Holds of another provider, all of them; of those with one reason, the first when the time of the last has come. */
  #due({ fingerprint, circuit }: StatusReport['provider']): string[] {
    const now = this.#runtime.clock.now().toISOString();
    const first = new Map<string, { id: string; until: string }>();
    const over: string[] = [];
    for (const [id, { provider_fingerprint, until, reason }] of this.#held) {
      if (provider_fingerprint !== fingerprint) over.push(id);
      else if (until !== undefined) {
        const known = first.get(reason);
        first.set(reason, { id: known?.id ?? id, until: known && known.until > until ? known.until : until });
      }
    }
    // Before the provider's own time nobody would get an answer.
    if (circuit?.until !== undefined && circuit.until > now) return over;
    return [...over, ...[...first.values()].filter(({ until }) => until <= now).map(({ id }) => id)];
  }

  #note({ task, hold }: TaskRecord): void {
    if (hold?.provider_fingerprint === undefined) this.#held.delete(task.id);
    else this.#held.set(task.id, hold);
    this.#schedule();
  }

  async #end(id: string): Promise<void> {
    this.#held.delete(id);
    const { store, worker_id, log } = this.#runtime;
    try {
      await store.decide(id, { kind: 'unhold', reason: 'the model provider is asked again' }, worker_id);
    } catch (err) {
      // Another worker or a person was first.
      log.info({ task_id: id, err }, 'the hold had ended already');
    }
  }

  #schedule(): void {
    if (!this.#isWaiting() || this.#stopped || !this.#checked) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.check();
    }, LOOK_MS).unref();
  }
}

function* allWaiting({ store }: Pick<Runtime, 'store'>): Generator<TaskRecord> {
  let cursor: string | undefined;
  do {
    const page = store.list({
      statuses: ['queued', 'pending_review'],
      limit: 5_000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.records;
    cursor = page.next;
  } while (cursor !== undefined);
}
