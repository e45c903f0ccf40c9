import type { TaskEventName } from '../../contract/event.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/**
 * Where a task stands, as far as the next event is concerned. `ready` covers waiting for a dependency or a timer too:
 * those are conditions on the claim, not states of their own.
 */
export type Standing = 'absent' | 'ready' | 'held' | 'held_for_review' | 'held_at_gate' | 'leased' | 'succeeded' | 'ended';

/** The one table of what may follow what. An event that is not listed for a standing is void in every store. */
const ALLOWED: Readonly<Record<Standing, ReadonlySet<TaskEventName>>> = {
  absent: new Set(['task_added']),
  ready: new Set(['task_claimed', 'task_edited', 'task_retried', 'task_cancelled', 'task_collapsed']),
  held: new Set(['task_unheld', 'task_edited', 'task_retried', 'task_cancelled']),
  held_for_review: new Set(['task_accepted', 'task_rejected', 'task_unheld', 'task_retried', 'task_cancelled']),
  held_at_gate: new Set(['task_gated', 'task_unheld', 'task_accepted', 'task_rejected', 'task_retried', 'task_cancelled']),
  leased: new Set([
    'task_claimed',
    'task_expanded',
    'task_executed',
    'task_reviewed',
    'task_blocked',
    'task_held',
    'task_gated',
    'task_approved',
    'task_requeued',
    'task_failed',
    'task_released',
    'task_cancelled',
  ]),
  succeeded: new Set(),
  ended: new Set(['task_retried']),
};

export function standingOf(record: TaskRecord | undefined): Standing {
  if (!record) return 'absent';
  if (record.lease) return 'leased';
  if (record.gate) return 'held_at_gate';
  if (record.hold) return record.hold.kind === 'review' ? 'held_for_review' : 'held';
  switch (record.status) {
    case 'approved':
    case 'ready_for_merge':
      return 'succeeded';
    case 'failed':
    case 'safety_blocked':
    case 'cancelled':
      return 'ended';
    default:
      return 'ready';
  }
}

/** A result that only a person may judge. One that waits for a verdict only because its critic was away goes on with that. */
export const isForPerson = ({ hold }: TaskRecord): boolean => hold?.kind === 'review' && hold.provider_fingerprint === undefined;

export const mayFollow = (record: TaskRecord | undefined, event: TaskEventName): boolean =>
  ALLOWED[standingOf(record)].has(event);

/** The whole table, for documents and for exploring every state. */
export const transitionTable = ALLOWED;
