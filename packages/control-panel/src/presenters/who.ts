import type { TaskCosts, TaskRecord, TaskStore } from '@vivarium/core';
import type { TaskRow } from '../protocol/tasks.ts';
import { rowOf } from './rows.ts';

const KEEP = 2000;

/**
 * Rows that also say who did a task that nobody holds any more. Whoever was seen at it is remembered; for the others the
 * task's history is read once.
 */
export function rowsWithResidents(store: Pick<TaskStore, 'history'>, costs: TaskCosts): (record: TaskRecord) => TaskRow {
  const known = new Map<string, string | undefined>();
  return (record) => {
    const row = rowOf(record, costs);
    const { epoch, lease } = record;
    if (epoch === 0) return row;
    const key = `${row.id}@${epoch}`;
    if (!known.has(key)) {
      if (known.size >= KEEP) known.clear();
      known.set(key, lease?.identity_id ?? lease?.resident_id ?? lastResident(store, row.id));
    }
    if (lease) return row;
    const resident = known.get(key);
    return resident === undefined ? row : { ...row, resident };
  };
}

function lastResident(store: Pick<TaskStore, 'history'>, id: string): string | undefined {
  const claim = store.history(id).findLast((event) => event.event === 'task_claimed');
  return claim?.event === 'task_claimed' ? (claim.identity_id ?? claim.resident_id ?? claim.worker_id) : undefined;
}
