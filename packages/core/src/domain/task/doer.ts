import type { TaskEvent } from '../../contract/event.ts';
import type { Lease, TaskStore } from '../../ports/task-store.ts';

export interface Doer {
  readonly identity_id?: string | undefined;
  readonly resident_id?: string | undefined;
}

/**
 * Who does an attempt: whoever claimed it first. A worker that takes over goes on in the same resident's name, so that
 * the call it repeats is the same call and the reward goes to the one who did the work.
 */
export function doer({ lease }: { lease: Lease }, store: Pick<TaskStore, 'history'>): Doer {
  if (lease.epoch <= 1) return lease;
  return firstClaim(store.history(lease.task_id), lease.attempt) ?? lease;
}

/** The resident who did the present attempt at a task. */
export function authorOf(store: Pick<TaskStore, 'get' | 'history'>, task_id: string): string | undefined {
  const record = store.get(task_id);
  return record && firstClaim(store.history(task_id), record.attempt)?.identity_id;
}

/** The first claim of an attempt, since somebody last declined it. */
function firstClaim(history: readonly TaskEvent[], attempt: number): Doer | undefined {
  let first: Doer | undefined;
  for (const event of history) {
    if (event.event === 'task_claimed' && event.attempt === attempt) first ??= event;
    if (event.event === 'task_released' && event.declined_by !== undefined) first = undefined;
  }
  return first;
}
