import type { Hold } from '../../contract/outcome.ts';
import type { Task } from '../../contract/task.ts';
import type { TaskStore } from '../../ports/task-store.ts';

/** Which holds end, why, and of which tasks; of all when left out. */
interface Ends {
  readonly kind: Hold['kind'];
  readonly reason: string;
  readonly of?: (task: Task) => boolean;
}

/** Let every task go on that was held for one kind of reason; returns their ids. Call it once that reason is gone. */
export async function endHolds(store: TaskStore, actor: string, { kind, reason, of = () => true }: Ends): Promise<string[]> {
  const ended: string[] = [];
  let cursor: string | undefined;
  do {
    const page = store.list({ statuses: ['queued'], limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { task, hold } of page.records) {
      if (hold?.kind !== kind || !of(task)) continue;
      await store.decide(task.id, { kind: 'unhold', reason }, actor);
      ended.push(task.id);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return ended;
}
