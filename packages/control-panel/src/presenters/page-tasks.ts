import type { ListQuery, TaskRecord } from '@vivarium/core';
import type { Doers } from '../projections/doers.ts';
import type { TaskRow } from '../protocol/tasks.ts';
import type { World } from '../world/world.ts';

export interface Wanted {
  readonly resident?: string | undefined;
  readonly minCost?: number | undefined;
  readonly held?: boolean | undefined;
}

/** How many tasks one request looks through for those that fit; the page's cursor goes on from there. */
const LOOK_THROUGH = 20_000;
const CHUNK = 500;
/** How many histories one request may read to find out who did a task. */
const HISTORIES = 300;

/** One page of tasks that also fit what the store does not filter by: who did it, what it cost, whether it is held. */
export function pageTasks(
  world: Pick<World, 'store' | 'rowOf' | 'budget'>,
  doers: Doers,
  query: ListQuery & { readonly limit: number },
  wanted: Wanted,
): { readonly rows: readonly TaskRow[]; readonly next: string | undefined } {
  const { store, rowOf } = world;
  if (wanted.resident === undefined && wanted.minCost === undefined && wanted.held === undefined) {
    const { records, next } = store.list(query);
    return { rows: records.map(rowOf), next };
  }
  const rows: TaskRow[] = [];
  const fits = matcher(world, doers, wanted);
  let { cursor } = query;
  for (let seen = 0; seen < LOOK_THROUGH; seen += CHUNK) {
    const page = store.list({ ...query, limit: CHUNK, ...(cursor ? { cursor } : {}) });
    for (const record of page.records) {
      const fit = fits(record);
      if (fit === 'no') continue;
      if (rows.length === query.limit || fit === 'later') return { rows, next: String(record.seq) };
      rows.push(rowOf(record));
    }
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return { rows, next: cursor };
}

/** Cheap questions first; `later` when this request has read histories enough. */
function matcher(
  { rowOf, budget: costs }: Pick<World, 'rowOf' | 'budget'>,
  doers: Doers,
  { resident, minCost, held }: Wanted,
): (record: TaskRecord) => 'yes' | 'no' | 'later' {
  let histories = 0;
  return (record) => {
    if (minCost !== undefined && costs.chargedTo(record.task.id) < minCost) return 'no';
    if (held !== undefined && (record.hold !== undefined) !== held) return 'no';
    if (resident === undefined) return 'yes';
    const { lease, task, epoch } = record;
    const known = lease?.identity_id ?? lease?.resident_id ?? doers.of(task.id) ?? (epoch === 0 ? task.identity_id : undefined);
    if (known !== undefined || epoch === 0) return known === resident ? 'yes' : 'no';
    histories += 1;
    if (histories > HISTORIES) return 'later';
    return rowOf(record).resident === resident ? 'yes' : 'no';
  };
}
