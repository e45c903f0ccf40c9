import { z } from 'zod';

/**
 * The closed vocabulary of execution events. A task's status is the status of its last counted event.
 * Source: the documented fifteen; a value outside this list is refused wherever an event enters.
 */
export const EVENT_STATUSES = [
  'queued',
  'in_progress',
  'completed',
  'failed',
  'pending_review',
  'approved',
  'requeue',
  'needs_qa',
  'needs_integration',
  'needs_e2e',
  'ready_for_merge',
  'subtask_started',
  'subtask_completed',
  'subtask_failed',
  'safety_blocked',
] as const;
export const EventStatus = z.enum(EVENT_STATUSES);
export type EventStatus = z.infer<typeof EventStatus>;

/** What a task's record says of itself: the last event's status, and `cancelled`, whose event status is `failed`. */
export const TASK_STATUSES = [
  'queued',
  'in_progress',
  'completed',
  'pending_review',
  'needs_qa',
  'needs_integration',
  'needs_e2e',
  'requeue',
  'approved',
  'ready_for_merge',
  'failed',
  'safety_blocked',
  'cancelled',
] as const;
export const TaskStatus = z.enum(TASK_STATUSES);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** The statuses that satisfy a dependency. `completed` does not: it is work that nobody has checked yet. */
export const SATISFYING: ReadonlySet<TaskStatus> = new Set(['approved', 'ready_for_merge']);

/** The statuses that end a task until a person says otherwise. */
export const FINAL: ReadonlySet<TaskStatus> = new Set(['approved', 'ready_for_merge', 'failed', 'safety_blocked', 'cancelled']);

/** The statuses of a task that can still move by itself or by a person's answer. */
export const OPEN_STATUSES: readonly TaskStatus[] = TASK_STATUSES.filter((status) => !FINAL.has(status));
