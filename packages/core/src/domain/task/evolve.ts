import type { TaskEvent } from '../../contract/event.ts';
import type { Hold, Review } from '../../contract/outcome.ts';
import type { Lease, TaskRecord } from '../../ports/task-store.ts';
import { Intent } from '../intent/types.ts';
import { isForPerson, mayFollow } from './transitions.ts';

/** How many of a task's reasons its record keeps; all of them stand in its history. */
const KEPT_REASONS = 10;

/**
 * The fold of one task: its record after an event, or undefined when the event is void. An event is void when the table
 * does not allow it, when its claim is no longer the one in force, or when its claim came second.
 */
export function evolve(record: TaskRecord | undefined, event: TaskEvent, position: number, seq: number): TaskRecord | undefined {
  if (!mayFollow(record, event.event)) return undefined;
  if (event.event === 'task_added') return added(event, position, seq);
  if (!record || !holdsClaim(record, event)) return undefined;
  const base = { ...record, updated_at: event.timestamp, positions: [...record.positions, position] };
  return apply(base, event, position);
}

/** Whether all of these events would count, one after the other, if they came next. */
export function wouldCount(record: TaskRecord, events: readonly TaskEvent[]): boolean {
  let next: TaskRecord | undefined = record;
  for (const event of events) next &&= evolve(next, event, 0, record.seq);
  return next !== undefined;
}

function holdsClaim(record: TaskRecord, event: TaskEvent): boolean {
  if (event.event === 'task_claimed') return event.epoch === record.epoch + 1 && event.attempt === record.attempt;
  if (!('epoch' in event)) return true;
  return record.lease !== undefined && record.lease.worker_id === event.worker_id && record.lease.epoch === event.epoch;
}

function added(event: Extract<TaskEvent, { event: 'task_added' }>, position: number, seq: number): TaskRecord {
  return {
    task: event.task,
    status: 'queued',
    attempt: 1,
    first_attempt: 1,
    epoch: 0,
    failures: 0,
    takeovers: 0,
    seq,
    added_at: event.timestamp,
    updated_at: event.timestamp,
    body_position: position,
    positions: [position],
    reasons: [],
    spent_usd: 0,
    ...(event.hold ? { hold: event.hold } : {}),
  };
}

function apply(record: TaskRecord, event: TaskEvent, position: number): TaskRecord | undefined {
  switch (event.event) {
    case 'task_claimed':
      return claimed(record, event);
    case 'task_expanded':
      if (record.children) return undefined;
      return { ...without(withIntent(record, event), 'lease'), status: 'queued', takeovers: 0, children: event.children };
    case 'task_executed':
      return {
        ...withIntent(record, event),
        status: 'completed',
        outcome: event.outcome,
        takeovers: 0,
        spent_usd: record.spent_usd + event.outcome.budget_used,
      };
    case 'task_reviewed':
      return { ...record, status: 'pending_review', review: event.review };
    case 'task_blocked':
      return { ...settled(record, 'safety_blocked', event.reason), safety_report: event.safety_report };
    case 'task_held':
      return held(withIntent(record, event), event);
    case 'task_gated':
      // What somebody without the claim says of a task that is claimed is void.
      if (record.lease && event.epoch === undefined) return undefined;
      return event.hold ? atGate({ ...record, status: event.status }, event.hold) : { ...record, status: event.status };
    case 'task_approved':
      return approved(record, event.review);
    case 'task_requeued':
      return requeued(record, event);
    case 'task_failed':
      return settled(record, 'failed', ...event.reasons);
    case 'task_released':
      return { ...withDecline(without(record, 'lease'), event.declined_by), status: 'queued' };
    default:
      return applyPersons(record, event, position);
  }
}

/** What people, and the runtime in their name, say outside a claim. */
function applyPersons(record: TaskRecord, event: TaskEvent, position: number): TaskRecord | undefined {
  switch (event.event) {
    case 'task_edited':
      return { ...record, task: event.task, body_position: position };
    case 'task_collapsed':
      if (!record.children) return undefined;
      return { ...without(record, 'children', 'not_before'), task: event.task, body_position: position };
    case 'task_accepted':
      return approved(record, event.review);
    case 'task_rejected':
      return event.status === 'failed'
        ? settled(record, 'failed', event.reason)
        : { ...again(record, event.next_attempt, 'requeue'), feedback: event.feedback, reasons: plus(record, event.reason) };
    case 'task_retried':
      return { ...again(without(record, 'declined_by'), event.next_attempt, 'queued'), first_attempt: event.next_attempt };
    case 'task_unheld':
      if (isForPerson(record)) return undefined;
      return { ...without(record, 'hold', 'gate', 'not_before'), status: 'queued', failures: 0 };
    case 'task_cancelled':
      return settled(record, 'cancelled', event.reason);
    default:
      return undefined;
  }
}

function held(record: TaskRecord, { status, hold, review }: Extract<TaskEvent, { event: 'task_held' }>): TaskRecord {
  const base = { ...without(record, 'lease', 'hold'), status, ...(review ? { review } : {}) };
  return hold.kind === 'gates' ? atGate(base, hold) : { ...base, hold };
}

/** Only where a person has to help it counts as held. */
const atGate = (record: TaskRecord, gate: Hold): TaskRecord => ({
  ...without(record, 'hold'),
  gate,
  ...(gate.next_mover === 'person' ? { hold: gate } : {}),
});

const approved = (record: TaskRecord, review: Review): TaskRecord => ({
  ...without(record, 'lease', 'hold', 'gate', 'feedback'),
  status: 'approved',
  review,
});

function claimed(record: TaskRecord, event: Extract<TaskEvent, { event: 'task_claimed' }>): TaskRecord {
  const lease: Lease = {
    task_id: event.task_id,
    worker_id: event.worker_id,
    epoch: event.epoch,
    attempt: event.attempt,
    claimed_at: event.timestamp,
    ...(event.resident_id ? { resident_id: event.resident_id } : {}),
    ...(event.identity_id ? { identity_id: event.identity_id } : {}),
  };
  return {
    ...without(record, 'not_before'),
    status: 'in_progress',
    epoch: event.epoch,
    takeovers: record.takeovers + (record.lease ? 1 : 0),
    lease,
  };
}

function requeued(record: TaskRecord, event: Extract<TaskEvent, { event: 'task_requeued' }>): TaskRecord {
  const next = event.next_attempt > record.attempt ? again(record, event.next_attempt, 'requeue') : without(record, 'lease');
  return {
    ...next,
    status: 'requeue',
    failures: event.failures,
    not_before: { at: event.not_before, delay_ms: event.delay_ms, set_at: event.timestamp },
    reasons: plus(record, event.reason),
    ...(event.feedback ? { feedback: event.feedback } : {}),
  };
}

/** Send the task round again: whatever belonged to the last attempt is gone, unless the attempt is the same. */
function again(record: TaskRecord, attempt: number, status: 'requeue' | 'queued'): TaskRecord {
  const kept = without(record, 'lease', 'hold', 'gate', 'not_before');
  const next = attempt > record.attempt ? without(kept, 'outcome', 'review') : kept;
  return { ...next, status, attempt, failures: 0, takeovers: 0 };
}

function settled(record: TaskRecord, status: TaskRecord['status'], ...reasons: string[]): TaskRecord {
  return { ...without(record, 'lease', 'hold', 'gate', 'not_before'), status, reasons: plus(record, ...reasons) };
}

const plus = (record: TaskRecord, ...reasons: string[]): string[] => [...record.reasons, ...reasons].slice(-KEPT_REASONS);

/** The intent that an event carries beside its own fields. */
function withIntent(record: TaskRecord, event: TaskEvent): TaskRecord {
  const read = 'intent' in event ? Intent.safeParse(event['intent']) : undefined;
  return read?.success ? { ...record, intent: read.data } : record;
}

function withDecline(record: TaskRecord, id: string | undefined): TaskRecord {
  return id === undefined ? record : { ...record, declined_by: [...new Set([...(record.declined_by ?? []), id])] };
}

type Optional = 'lease' | 'hold' | 'gate' | 'not_before' | 'outcome' | 'review' | 'feedback' | 'children' | 'declined_by';

function without(record: TaskRecord, ...keys: Optional[]): TaskRecord {
  const copy = { ...record };
  for (const key of keys) delete copy[key];
  return copy;
}
