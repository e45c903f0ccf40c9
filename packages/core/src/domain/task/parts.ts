import type { TaskEvent } from '../../contract/event.ts';

/**
 * What one line says about other tasks than its own: a breakdown adds its steps, and taking it back cancels them. Because
 * it is one line, either all of that is in the log or none of it.
 */
export function partsOf(event: TaskEvent): TaskEvent[] {
  const { timestamp } = event;
  switch (event.event) {
    case 'task_expanded':
      return event.children.map((task) => ({
        task_id: task.id,
        timestamp,
        actor: event.worker_id,
        event: 'task_added',
        status: 'queued',
        task,
      }));
    case 'task_collapsed':
      return event.children.map((id) => ({
        task_id: id,
        timestamp,
        actor: event.actor,
        event: 'task_cancelled',
        status: 'failed',
        reason: event.reason,
      }));
    default:
      return [];
  }
}

/** The side of a line that concerns one task. */
export function concerning(taskId: string, event: TaskEvent): TaskEvent {
  return event.task_id === taskId ? event : (partsOf(event).find((part) => part.task_id === taskId) ?? event);
}

/** Lines that say a breakdown's steps once more, for whoever reads the log by hand. The fold passes over them. */
export function toldAgain(event: TaskEvent): TaskEvent[] {
  return event.event === 'task_expanded' ? partsOf(event).map((part) => ({ ...part, part_of: event.task_id })) : [];
}

export const isToldAgain = (event: TaskEvent): boolean => 'part_of' in event;
