import {
  FINAL,
  finishedRow,
  finishedUnder,
  TASK_STATUSES,
  type TaskCosts,
  type TaskRecord,
  type TaskStatus,
  type TaskStore,
  taskRow,
} from '@vivarium/core';

const NEWEST = 500;
const UNFINISHED = TASK_STATUSES.filter((status) => !FINAL.has(status));

/** A moment of the store, as the view shows it. */
export interface ViewMoment {
  readonly revision: number;
  readonly tasks: readonly TaskRecord[];
  readonly completed: readonly string[];
  readonly failed: readonly string[];
  readonly counts: { readonly tasks: number; readonly completed: number; readonly failed: number };
}

/** Follows the store's events, so that a view costs what changed and not a walk over all tasks. */
export class ViewModel {
  readonly #store: TaskStore;
  readonly #costs: TaskCosts;
  readonly #open = new Map<string, TaskRecord>();
  readonly #finished = { completed: new Map<string, string>(), failed: new Map<string, string>() };
  /** Statuses of finished tasks that some open task waits for. */
  readonly #ended = new Map<string, TaskStatus>();
  readonly #texts = new WeakMap<TaskRecord, { reason: string | undefined; text: string }>();
  readonly #stop: () => void;

  constructor(store: TaskStore, costs: TaskCosts, onChange: () => void) {
    this.#store = store;
    this.#costs = costs;
    store.refresh();
    this.#load();
    this.#stop = store.onEvent((_event, record) => {
      this.#take(record);
      onChange();
    });
  }

  open(): Iterable<TaskRecord> {
    return this.#open.values();
  }

  /** What the store is at this moment; call right after `store.refresh()`. */
  moment(): ViewMoment {
    const counts = this.#store.counts();
    const completed = counts.approved + counts.ready_for_merge;
    const failed = counts.failed + counts.safety_blocked + counts.cancelled;
    return {
      revision: this.#store.position,
      tasks: [...this.#open.values()],
      completed: [...this.#finished.completed.values()],
      failed: [...this.#finished.failed.values()],
      counts: { tasks: counts.total - completed - failed, completed, failed },
    };
  }

  /** An unfinished task as the file shows it. */
  row(record: TaskRecord): Readonly<Record<string, unknown>> {
    return taskRow(record, this.#reasonOf(record));
  }

  cost(id: string): number {
    return this.#costs.chargedTo(id);
  }

  /** Ids of the finished tasks of a list, where the file has room for all of them. */
  finished(list: 'completed' | 'failed'): Iterable<string> {
    const rows = this.#finished[list];
    return rows.size < NEWEST ? rows.keys() : [];
  }

  /** A task's lines in the file. Kept with the record: an unchanged task is written out once. */
  textOf(record: TaskRecord): string {
    const reason = this.#reasonOf(record);
    const known = this.#texts.get(record);
    if (known && known.reason === reason) return known.text;
    const text = indented(taskRow(record, reason));
    this.#texts.set(record, { reason, text });
    return text;
  }

  close(): void {
    this.#stop();
  }

  #load(): void {
    const counts = this.#store.counts();
    if (UNFINISHED.some((status) => counts[status] > 0)) {
      let cursor: string | undefined;
      do {
        const page = this.#store.list({ statuses: UNFINISHED, limit: 10_000, ...(cursor ? { cursor } : {}) });
        for (const record of page.records) this.#open.set(record.task.id, record);
        cursor = page.next;
      } while (cursor !== undefined);
    }
    for (const under of ['completed', 'failed'] as const) {
      const statuses = [...FINAL].filter((status) => finishedUnder(status) === under && counts[status] > 0);
      if (statuses.length === 0) continue;
      const { records } = this.#store.list({ statuses, order: 'newest', limit: NEWEST });
      const byEnd = [...records].reverse().sort((a, b) => Date.parse(a.updated_at) - Date.parse(b.updated_at));
      for (const record of byEnd) this.#take(record);
    }
  }

  #take(record: TaskRecord): void {
    const { id } = record.task;
    for (const rows of Object.values(this.#finished)) rows.delete(id);
    if (this.#ended.has(id)) this.#ended.set(id, record.status);
    if (!FINAL.has(record.status)) {
      this.#open.set(id, record);
      return;
    }
    this.#open.delete(id);
    const rows = this.#finished[finishedUnder(record.status)];
    rows.set(id, indented(finishedRow(record, this.#costs.chargedTo(id))));
    const [oldest] = rows.keys();
    if (rows.size > NEWEST && oldest !== undefined) rows.delete(oldest);
  }

  #reasonOf(record: TaskRecord): string | undefined {
    if (record.hold) return record.hold.reason;
    if (record.lease) return undefined;
    for (const id of record.task.depends_on) {
      const status = this.#open.has(id) ? undefined : this.#endOf(id);
      if (status && finishedUnder(status) === 'failed') return `waits for ${id}, which is ${status}`;
    }
    return record.status === 'requeue' ? record.reasons.at(-1) : undefined;
  }

  #endOf(id: string): TaskStatus | undefined {
    const known = this.#ended.get(id) ?? this.#store.get(id)?.status;
    if (known) this.#ended.set(id, known);
    return known;
  }
}

/** JSON at the depth of an entry of a list of the file. */
export function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n    ');
}
