import { OPEN_STATUSES, type TaskRecord, type TaskStore } from '@vivarium/core';
import type { TaskRow } from '../protocol.ts';
import { rowOf } from '../view/rows.ts';

const PAGE = 5000;

/** The few tasks that a person looks at first, kept at hand however many wait: those at work, and those held. */
export class Attention {
  readonly #atWork = new Map<string, TaskRow>();
  readonly #held = new Map<string, TaskRow>();

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
  atWork(limit: number): readonly TaskRow[] {
    return first(this.#atWork, limit);
  }

  /** Longest held first. */
  held(limit: number): readonly TaskRow[] {
    return first(this.#held, limit);
  }
}

function place(rows: Map<string, TaskRow>, record: TaskRecord, belongs: boolean): void {
  rows.delete(record.task.id);
  if (belongs) rows.set(record.task.id, rowOf(record));
}

function first(rows: ReadonlyMap<string, TaskRow>, limit: number): readonly TaskRow[] {
  const found: TaskRow[] = [];
  for (const row of rows.values()) {
    if (found.length === limit) break;
    found.push(row);
  }
  return found;
}
