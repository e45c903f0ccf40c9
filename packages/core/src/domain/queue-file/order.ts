import type { Task } from '../../contract/task.ts';

export interface Ordered<T> {
  /** In an order in which every task comes after those it waits for. */
  readonly good: readonly T[];
  readonly bad: readonly { readonly item: T; readonly message: string }[];
}

/**
 * Sort new tasks by dependency. A task whose dependency stands nowhere, or stands in a circle, is bad, and so is every
 * task that waits for a bad one; the others are good.
 */
export function orderByDependency<T extends { readonly task: Task }>(
  items: readonly T[],
  exists: (id: string) => boolean,
): Ordered<T> {
  const fresh = new Map(items.map((item) => [item.task.id, item]));
  const waiting = new Map<string, number>();
  const dependents = new Map<string, T[]>();
  const good: T[] = [];
  for (const item of items) {
    const open = new Set(item.task.depends_on.filter((id) => fresh.has(id) || !exists(id)));
    waiting.set(item.task.id, open.size);
    for (const id of open) {
      const known = dependents.get(id);
      if (known) known.push(item);
      else dependents.set(id, [item]);
    }
    if (open.size === 0) good.push(item);
  }
  for (let at = 0; at < good.length; at += 1) {
    for (const next of dependents.get(good[at]?.task.id ?? '') ?? []) {
      const left = (waiting.get(next.task.id) ?? 0) - 1;
      waiting.set(next.task.id, left);
      if (left === 0) good.push(next);
    }
  }
  const entered = new Set(good.map(({ task }) => task.id));
  const bad = items.filter(({ task }) => !entered.has(task.id));
  return { good, bad: bad.map((item) => ({ item, message: why(item.task, fresh, entered, exists) })) };
}

function why(
  task: Task,
  fresh: ReadonlyMap<string, unknown>,
  entered: ReadonlySet<string>,
  exists: (id: string) => boolean,
): string {
  const missing = task.depends_on.find((id) => !fresh.has(id) && !exists(id));
  if (missing !== undefined) return `there is no task ${missing}; add it first or in the same file`;
  const blocked = task.depends_on.find((id) => fresh.has(id) && !entered.has(id));
  return `waits for ${blocked ?? 'itself'}, which cannot enter: it stands in a circle or was refused itself`;
}
