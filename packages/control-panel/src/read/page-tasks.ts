import type { ListQuery, TaskRecord, TaskStore } from '@vivarium/core';
import type { TaskRow } from '../protocol.ts';

export interface Wanted {
  readonly resident?: string | undefined;
  readonly minCost?: number | undefined;
  readonly held?: boolean | undefined;
}

/** How many tasks one request looks through for those that fit; the page's cursor goes on from there. */
const LOOK_THROUGH = 20_000;
const CHUNK = 500;

/** One page of tasks that also fit what the store does not filter by: who did it, what it cost, whether it is held. */
export function pageTasks(
  store: TaskStore,
  query: ListQuery & { readonly limit: number },
  wanted: Wanted,
  rowOf: (record: TaskRecord) => TaskRow,
): { readonly rows: readonly TaskRow[]; readonly next: string | undefined } {
  const { resident, minCost, held } = wanted;
  if (resident === undefined && minCost === undefined && held === undefined) {
    const { records, next } = store.list(query);
    return { rows: records.map(rowOf), next };
  }
  const fits = (row: TaskRow) =>
    (resident === undefined || row.resident === resident) &&
    (minCost === undefined || row.spent_usd >= minCost) &&
    (held === undefined || (row.hold !== undefined) === held);
  const rows: TaskRow[] = [];
  let { cursor } = query;
  for (let seen = 0; seen < LOOK_THROUGH; seen += CHUNK) {
    const page = store.list({ ...query, limit: CHUNK, ...(cursor ? { cursor } : {}) });
    for (const record of page.records) {
      const row = rowOf(record);
      if (!fits(row)) continue;
      if (rows.length === query.limit) return { rows, next: String(record.seq) };
      rows.push(row);
    }
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return { rows, next: cursor };
}
