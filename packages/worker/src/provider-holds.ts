import type { TaskRecord } from '@vivarium/core';
import type { Runtime } from './runtime/runtime.ts';

const LOOK_MS = 3_000;

/**
 * Ends holds for the want of a model once the way to a model has changed since. Asks the API only while such holds
 * exist. `checked` becomes true with the first look, so that a worker does not call itself idle before it.
 */
export class ProviderHolds {
  #checked = false;
  readonly #held = new Map<string, string>();
  readonly #runtime: Pick<Runtime, 'store' | 'api' | 'worker_id' | 'log'>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(runtime: Pick<Runtime, 'store' | 'api' | 'worker_id' | 'log'>) {
    this.#runtime = runtime;
    for (const record of allQueued(runtime)) this.#note(record);
  }

  get checked(): boolean {
    return this.#checked;
  }

  /** Listen for holds that begin and end. Returns the way to stop. */
  start(): () => void {
    const silence = this.#runtime.store.onEvent((_event, record) => this.#note(record));
    return () => {
      this.#stopped = true;
      silence();
      clearTimeout(this.#timer);
    };
  }

  /** Compare every hold with the provider as it is and end those whose reason is gone. */
  async check(): Promise<void> {
    try {
      const fingerprint = this.#held.size === 0 ? undefined : (await this.#runtime.api.status())?.provider.fingerprint;
      if (fingerprint !== undefined) for (const [id, held] of [...this.#held]) if (held !== fingerprint) await this.#end(id);
    } catch (err) {
      this.#runtime.log.warn({ err }, 'holds could not be looked at');
    }
    this.#checked = true;
    this.#schedule();
  }

  #note(record: TaskRecord): void {
    const fingerprint = record.hold?.kind === 'provider' ? record.hold.provider_fingerprint : undefined;
    if (fingerprint === undefined) this.#held.delete(record.task.id);
    else this.#held.set(record.task.id, fingerprint);
    this.#schedule();
  }

  async #end(id: string): Promise<void> {
    this.#held.delete(id);
    const { store, worker_id, log } = this.#runtime;
    try {
      await store.decide(id, { kind: 'unhold', reason: 'the way to a model has changed' }, worker_id);
    } catch (err) {
      // Another worker or a person was first.
      log.info({ task_id: id, err }, 'the hold had ended already');
    }
  }

  #schedule(): void {
    if (this.#held.size === 0 || this.#stopped || !this.#checked) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.check();
    }, LOOK_MS).unref();
  }
}

function* allQueued({ store }: Pick<Runtime, 'store'>): Generator<TaskRecord> {
  let cursor: string | undefined;
  do {
    const page = store.list({ statuses: ['queued'], limit: 5_000, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.records;
    cursor = page.next;
  } while (cursor !== undefined);
}
