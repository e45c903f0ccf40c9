import type { TaskRecord, TaskStore } from '@vivarium/core';
import type { TaskRow } from '../protocol.ts';
import { rowOf } from './rows.ts';

const KEEP = 2000;

/**
 * Rows that also say who did a task that nobody holds any more. The answer stands in the task's history; it is kept
 * until the task changes.
 */
export function rowsWithResidents(store: TaskStore): (record: TaskRecord) => TaskRow {
  const known = new Map<string, string | undefined>();
  return (record) => {
    const row = rowOf(record);
    if (record.epoch === 0 || record.lease) return row;
    const key = `${row.id}@${record.epoch}`;
    if (!known.has(key)) {
      if (known.size >= KEEP) known.clear();
      known.set(key, lastResident(store, row.id));
    }
    const resident = known.get(key);
    return resident === undefined ? row : { ...row, resident };
  };
}

function lastResident(store: TaskStore, id: string): string | undefined {
  const claim = store.history(id).findLast((event) => event.event === 'task_claimed');
  return claim?.event === 'task_claimed' ? (claim.identity_id ?? claim.resident_id ?? claim.worker_id) : undefined;
}
