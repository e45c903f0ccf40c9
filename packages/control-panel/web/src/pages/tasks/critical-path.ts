import type { TaskRow } from '../../../../src/protocol/tasks.ts';

const DONE: ReadonlySet<TaskRow['status']> = new Set(['approved', 'ready_for_merge']);

/** What each task waits for: what it depends on, and its own steps. */
export function waitsFor(rows: readonly TaskRow[]): ReadonlyMap<string, readonly string[]> {
  const before = new Map(rows.map(({ id, depends_on }) => [id, [...depends_on]]));
  for (const { id, parent_task_id } of rows) if (parent_task_id !== undefined) before.get(parent_task_id)?.push(id);
  return before;
}

/**
 * The longest chain of tasks that are not approved yet: what the end waits for. Ids in order; empty when no two of them
 * wait for each other.
 */
export function criticalPath(rows: readonly TaskRow[]): readonly string[] {
  const open = new Map(rows.filter(({ status }) => !DONE.has(status)).map((row) => [row.id, row]));
  const waits = waitsFor(rows);
  const known = new Map<string, readonly string[]>();
  const chainTo = (id: string, above: ReadonlySet<string>): readonly string[] => {
    const found = known.get(id);
    if (found) return found;
    const before = waits.get(id)?.filter((other) => open.has(other) && !above.has(other)) ?? [];
    let longest: readonly string[] = [];
    for (const other of before) {
      const chain = chainTo(other, new Set([...above, id]));
      if (chain.length > longest.length) longest = chain;
    }
    const chain = [...longest, id];
    known.set(id, chain);
    return chain;
  };
  let best: readonly string[] = [];
  for (const id of open.keys()) {
    const chain = chainTo(id, new Set());
    if (chain.length > best.length) best = chain;
  }
  return best.length > 1 ? best : [];
}
