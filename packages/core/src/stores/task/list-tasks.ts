import type { ListQuery, TaskRecord } from '../../ports/task-store.ts';
import type { TaskTable } from './task-table.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 100_000;

/** One page of tasks in order of arrival. The cursor is the arrival number to go on from. */
export function listTasks(table: TaskTable, query: ListQuery): { records: TaskRecord[]; next?: string } {
  const newest = query.order === 'newest';
  const step = newest ? -1 : 1;
  const limit = Math.max(1, Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  const matches = matcher(query);
  const records: TaskRecord[] = [];
  let seq = query.cursor === undefined ? (newest ? table.size - 1 : 0) : Number(query.cursor);
  for (; seq >= 0 && seq < table.size; seq += step) {
    const id = table.idAt(seq);
    if (id === undefined || !matches(id, table)) continue;
    if (records.length === limit) return { records, next: String(seq) };
    const record = table.get(id);
    if (record) records.push(record);
  }
  return { records };
}

function matcher(query: ListQuery): (id: string, table: TaskTable) => boolean {
  const statuses = query.statuses && new Set(query.statuses);
  const text = query.text?.toLowerCase();
  if (!statuses && !text) return () => true;
  return (id, table) => {
    const status = table.statusOf(id);
    if (status === undefined || (statuses && !statuses.has(status))) return false;
    if (!text) return true;
    const seen = table.glance(id);
    return seen !== undefined && (id.toLowerCase().includes(text) || seen.search.toLowerCase().includes(text));
  };
}
