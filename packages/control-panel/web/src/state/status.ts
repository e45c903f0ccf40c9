import type { TaskRow } from '../../../src/protocol/tasks.ts';

export type Status = TaskRow['status'];
/** How a task stands: it can still move by itself or by an answer, or it ended. */
export type End = 'open' | 'well' | 'badly';

/** Every status of the contract in the order of a task's life; the compiler finds one that is missing. */
const ENDS: Readonly<Record<Status, End>> = {
  queued: 'open',
  in_progress: 'open',
  completed: 'open',
  pending_review: 'open',
  needs_qa: 'open',
  needs_integration: 'open',
  needs_e2e: 'open',
  requeue: 'open',
  approved: 'well',
  ready_for_merge: 'well',
  failed: 'badly',
  safety_blocked: 'badly',
  cancelled: 'badly',
};

export const isStatus = (word: string): word is Status => Object.hasOwn(ENDS, word);
export const endOf = (status: Status): End => ENDS[status];
export const STATUSES: readonly Status[] = Object.keys(ENDS).filter(isStatus);
export const statusesThatEnd = (end: End): readonly Status[] => STATUSES.filter((status) => ENDS[status] === end);
