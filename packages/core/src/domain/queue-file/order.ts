import type { Task } from '../../contract/task.ts';

export interface Ordered<T> {
  /** In an order in which every task comes after those it waits for. */
  readonly good: readonly T[];
  readonly bad: readonly { readonly item: T; readonly message: string }[];
}

/**
 * Sort new tasks by dependency, otherwise in the order they came. A task whose dependency stands nowhere, or stands in a
 * circle, is bad, and so is every task that waits for a bad one; the others are good.
 */
export function orderByDependency<T extends { readonly task: Task }>(
  items: readonly T[],
  exists: (id: string) => boolean,
): Ordered<T> {
  const fresh = new Map(items.map((item) => [item.task.id, item]));
  const entered = enterable(items, fresh, exists);
  const good: T[] = [];
  const placed = new Set<string>();
  for (const item of items) {
    const open = entered.has(item.task.id) ? [item] : [];
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      const before = next.task.depends_on.find((id) => entered.has(id) && !placed.has(id));
      const first = before === undefined ? undefined : fresh.get(before);
      if (first) {
        open.push(first);
        continue;
      }
      open.pop();
      if (placed.has(next.task.id)) continue;
      placed.add(next.task.id);
      good.push(next);
    }
  }
  const bad = items.filter(({ task }) => !entered.has(task.id));
  return { good, bad: bad.map((item) => ({ item, message: why(item.task, fresh, entered, exists) })) };
}

/** Ids of the tasks all of whose dependencies stand or can enter too. */
function enterable<T extends { readonly task: Task }>(
  items: readonly T[],
  fresh: ReadonlyMap<string, T>,
  exists: (id: string) => boolean,
): ReadonlySet<string> {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  const entered = new Set<string>();
  for (const { task } of items) {
    const open = new Set(task.depends_on.filter((id) => fresh.has(id) || !exists(id)));
    waiting.set(task.id, open.size);
    for (const id of open) {
      const known = dependents.get(id);
      if (known) known.push(task.id);
      else dependents.set(id, [task.id]);
    }
    if (open.size === 0) entered.add(task.id);
  }
  // A set is walked in the order of its members, those added on the way too.
  for (const id of entered) {
    for (const next of dependents.get(id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) entered.add(next);
    }
  }
  return entered;
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
  return `waits for ${blocked ?? 'itself'}, which cannot enter: it is part of a dependency cycle or was refused itself`;
}
