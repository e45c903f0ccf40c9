import { OPEN_STATUSES, type TaskRecord, type TaskStore } from '@vivarium/core';

const PAGE = 5000;

/** The few tasks that a person looks at first, kept at hand however many wait: those at work, and those held. */
export class Attention {
  readonly #atWork = new Map<string, TaskRecord>();
  readonly #held = new Map<string, TaskRecord>();

  /** Look through every open task once; from then on `see` keeps it right. */
  constructor(store: TaskStore) {
    let cursor: string | undefined;
    do {
      const page = store.list({ statuses: OPEN_STATUSES, limit: PAGE, order: 'oldest', ...(cursor ? { cursor } : {}) });
      for (const record of page.records) this.see(record);
      cursor = page.next;
    } while (cursor !== undefined);
  }

  see(record: TaskRecord): void {
    place(this.#atWork, record, record.lease !== undefined);
    place(this.#held, record, record.hold !== undefined);
  }

  /** Longest at work first. */
  atWork(limit: number): readonly TaskRecord[] {
    return first(this.#atWork, limit);
  }

  /** Longest held first. */
  held(limit: number): readonly TaskRecord[] {
    return first(this.#held, limit);
  }
}

function place(tasks: Map<string, TaskRecord>, record: TaskRecord, belongs: boolean): void {
  tasks.delete(record.task.id);
  if (belongs) tasks.set(record.task.id, record);
}

function first(tasks: ReadonlyMap<string, TaskRecord>, limit: number): readonly TaskRecord[] {
  const found: TaskRecord[] = [];
  for (const record of tasks.values()) {
    if (found.length === limit) break;
    found.push(record);
  }
  return found;
}
