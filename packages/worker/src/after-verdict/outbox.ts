import {
  type Documents,
  FOLLOWED_STATUSES,
  isFatal,
  isVerdict,
  type TaskEvent,
  type TaskRecord,
  type TaskStore,
} from '@vivarium/core';
import { z } from 'zod';
import type { Log } from '../pipeline/runtime.ts';

/** How long another process has to follow up its own verdict before this one looks after it. */
const GRACE_MS = 2_000;
/** Up to where verdicts are followed up. */
const FOLLOWED = '.swarm/approvals_followed.json';
const Cursor = z.object({ position: z.number().int().min(0) });

export interface OutboxOptions {
  readonly documents: Documents;
  readonly store: TaskStore;
  readonly worker_id: string;
  readonly log: Log;
  readonly follow: (record: TaskRecord, identityId?: string) => Promise<void>;
  /** True when the ledger shows that all is done already; false proves nothing. Cheap: others' verdicts are many. */
  readonly isFollowed: (task_id: string, identity_id: string) => boolean;
}

interface Pending {
  readonly position: number;
  readonly identity_id: string | undefined;
}

/**
 * Sees to it that every final verdict is followed up, whoever gave it and wherever a process died: at the start it goes
 * through what was approved, failed or cancelled since the remembered position, later it hears of others' verdicts. Each follow-up is
 * idempotent, so looking twice costs nothing.
 */
export class VerdictOutbox {
  readonly #options: OutboxOptions;
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | undefined;
  #stop: (() => void) | undefined;
  #saved = 0;
  #fatal: unknown;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Make up for what happened while nobody looked, then listen. */
  async start(): Promise<void> {
    const { store } = this.#options;
    this.#stop = store.onEvent((event, record, position) => this.#hear(event, record, position));
    this.#saved = (await this.#options.documents.get(FOLLOWED, Cursor))?.position ?? 0;
    for (const status of FOLLOWED_STATUSES)
      for (const id of store.changedSince(this.#saved, status)) this.#pending.set(id, { position: 0, identity_id: undefined });
    await this.#settle();
  }

  /**
   * Follow up a verdict of this worker at once. A failure is made up for later and never reaches the task.
   * @throws StorageError when the disk can no longer be trusted; the next worker makes up for it
   */
  async follow(record: TaskRecord, identityId?: string): Promise<void> {
    if (this.#fatal !== undefined) throw this.#fatal;
    try {
      await this.#options.follow(record, identityId);
      this.#pending.delete(record.task.id);
    } catch (err) {
      if (isFatal(err)) throw err;
      this.#options.log.warn({ task_id: record.task.id, err }, 'a verdict could not be followed up; trying again');
      this.#later();
    }
  }

  async close(): Promise<void> {
    this.#stop?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.remember();
  }

  #hear(event: TaskEvent, record: TaskRecord, position: number): void {
    if (!isVerdict(event, record)) return;
    const identity_id = typeof event['identity_id'] === 'string' ? event['identity_id'] : undefined;
    this.#pending.set(record.task.id, { position, identity_id });
    if (event['worker_id'] !== this.#options.worker_id) this.#later();
  }

  async #settle(): Promise<void> {
    this.#timer = undefined;
    const { log } = this.#options;
    for (const [id, pending] of [...this.#pending]) {
      try {
        await this.#makeUp(id, pending);
        if (this.#pending.get(id) === pending) this.#pending.delete(id);
      } catch (err) {
        if (isFatal(err)) return this.#giveUp(err);
        log.warn({ task_id: id, err }, 'a verdict could not be followed up; trying again');
        this.#later();
      }
    }
    await this.remember();
  }

  async #makeUp(id: string, { identity_id }: Pending): Promise<void> {
    const { store, follow, isFollowed } = this.#options;
    if (identity_id !== undefined && isFollowed(id, identity_id)) return;
    const record = store.get(id);
    if (record) await follow(record);
  }

  /** The worker ends with its next verdict; nothing is followed up on a disk that cannot be trusted. */
  #giveUp(err: unknown): void {
    this.#fatal = err;
    this.#options.log.error({ err }, 'verdicts can no longer be followed up here; restart this worker');
  }

  #later(): void {
    if (this.#fatal !== undefined) return;
    this.#timer ??= setTimeout(() => void this.#settle(), GRACE_MS).unref();
  }

  /** Everything before this position is followed up; a later worker need not look at it. */
  async remember(): Promise<void> {
    const { store, log } = this.#options;
    const position = Math.min(store.position, ...[...this.#pending.values()].map((pending) => pending.position));
    if (position <= this.#saved) return;
    try {
      const standing = (await this.#options.documents.get(FOLLOWED, Cursor))?.position ?? 0;
      if (standing < position) await this.#options.documents.put(FOLLOWED, { position });
      this.#saved = Math.max(standing, position);
    } catch (err) {
      log.warn({ err }, 'the position of the verdicts could not be remembered');
    }
  }
}
