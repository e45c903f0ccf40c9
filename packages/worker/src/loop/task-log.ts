import type { TaskEvent, TaskStore } from '@vivarium/core';
import type { Log } from '../pipeline/runtime.ts';

/** The error arms of a task: what whoever watches the process wants to see. */
const LEVELS: Partial<Record<TaskEvent['event'], 'info' | 'warn'>> = {
  task_blocked: 'warn',
  task_failed: 'warn',
  task_held: 'warn',
  task_requeued: 'info',
  task_released: 'info',
};

/** Say in this process's log what became of its tasks, from their events alone. Returns the way to stop. */
export function logTasks(store: TaskStore, worker_id: string, log: Log): () => void {
  return store.onEvent((event) => {
    const level = LEVELS[event.event];
    if (level === undefined || event['worker_id'] !== worker_id) return;
    const { task_id, status } = event;
    log[level]({ task_id, status, attempt: event['attempt'], reason: reasonOf(event) }, `${event.event}: ${task_id}`);
  });
}

function reasonOf(event: TaskEvent): string | undefined {
  if (event.event === 'task_held') return event.hold.reason;
  if (event.event === 'task_failed') return event.errors;
  return 'reason' in event && typeof event.reason === 'string' ? event.reason : undefined;
}
