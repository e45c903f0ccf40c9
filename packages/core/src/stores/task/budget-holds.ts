import type { TaskStore } from '../../ports/task-store.ts';

/** Let every task go on that was held for the want of money; returns how many. Call it after a person reset the budget. */
export async function endBudgetHolds(store: TaskStore, actor: string): Promise<number> {
  let ended = 0;
  let cursor: string | undefined;
  do {
    const page = store.list({ statuses: ['queued'], limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { task, hold } of page.records) {
      if (hold?.kind !== 'budget') continue;
      await store.decide(task.id, { kind: 'unhold', reason: 'the budget was reset' }, actor);
      ended += 1;
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return ended;
}
