import type { TaskEvent } from '../../contract/event.ts';
import type { Feedback, Outcome, Review } from '../../contract/outcome.ts';
import type { Lease, TaskRecord, WorkerCommand } from '../../ports/task-store.ts';
import type { Intent } from '../intent/types.ts';
import { backoffMs } from './backoff.ts';

/** How much longer than it must a task waits, as a share: another may find out before it whether the trouble is over. */
const WAIT_SPREAD = 0.2;

export interface Moment {
  readonly now: Date;
  /** 0..1, for jitter. */
  readonly random: number;
}

/** The event a worker's command amounts to. The fold voids it when the claim is no longer in force. */
export function decideWorker(record: TaskRecord, lease: Lease, command: WorkerCommand, moment: Moment): TaskEvent {
  const base = leaseFields(lease, moment.now);
  switch (command.kind) {
    case 'record_execution':
      return {
        ...base,
        ...executionFields(command.outcome),
        completed_at: base.timestamp,
        event: 'task_executed',
        status: 'completed',
        outcome: command.outcome,
        ...intentFields(command.intent),
      };
    case 'expand':
      return {
        ...base,
        ...intentFields(command.intent),
        event: 'task_expanded',
        status: 'queued',
        reason: command.reason,
        children: command.children.map(({ id }) => id),
      };
    case 'record_review':
      return {
        ...base,
        ...reviewFields(command.review),
        event: 'task_reviewed',
        status: 'pending_review',
        review: command.review,
      };
    case 'pass_gates':
      return { ...base, event: 'task_gated', status: 'ready_for_merge' };
    case 'approve':
      return {
        ...base,
        ...outcomeFields(record),
        ...reviewFields(command.review),
        ...command.extra,
        event: 'task_approved',
        status: 'approved',
        review: command.review,
      };
    default:
      return decideEnd(record, base, command, moment);
  }
}

type Verdict = 'record_execution' | 'expand' | 'record_review' | 'pass_gates' | 'approve';

/** What ends a claim without an approval. */
function decideEnd(
  record: TaskRecord,
  base: Base,
  command: Exclude<WorkerCommand, { kind: Verdict }>,
  moment: Moment,
): TaskEvent {
  switch (command.kind) {
    case 'reject':
      return reject(record, base, command.review, command.max_attempts, moment);
    case 'hold':
      return {
        ...base,
        event: 'task_held',
        status: command.hold.kind === 'review' || command.hold.kind === 'gates' ? 'pending_review' : 'queued',
        hold: command.hold,
        ...intentFields(command.intent),
        ...(command.review ? { review: command.review } : {}),
      };
    case 'block':
      return {
        ...base,
        event: 'task_blocked',
        status: 'safety_blocked',
        reason: command.reason,
        safety_passed: false,
        safety_report: command.safety_report,
      };
    case 'retry_later':
      return retryLater(record, base, command, moment);
    case 'wait':
      return wait(record, base, command, moment);
    case 'fail':
      return {
        ...base,
        ...outcomeFields(record),
        event: 'task_failed',
        status: 'failed',
        errors: command.reason,
        reasons: [command.reason],
      };
    case 'release':
      return {
        ...base,
        event: 'task_released',
        status: 'queued',
        reason: command.reason,
        ...(command.declined_by === undefined ? {} : { declined_by: command.declined_by }),
      };
  }
}

type Base = ReturnType<typeof leaseFields>;

function leaseFields(lease: Lease, now: Date) {
  return {
    task_id: lease.task_id,
    timestamp: now.toISOString(),
    worker_id: lease.worker_id,
    epoch: lease.epoch,
    attempt: lease.attempt,
    ...(lease.resident_id ? { resident_id: lease.resident_id } : {}),
    ...(lease.identity_id ? { identity_id: lease.identity_id } : {}),
  };
}

function reject(record: TaskRecord, base: Base, review: Review, maxAttempts: number, moment: Moment): TaskEvent {
  const reason = review.issues.join('; ') || 'rejected without a stated issue';
  if (attemptsUsed(record) >= maxAttempts) {
    const errors = `Rejected after ${attemptsUsed(record)} attempt(s): ${reason}`;
    return {
      ...base,
      ...outcomeFields(record),
      ...reviewFields(review),
      event: 'task_failed',
      status: 'failed',
      errors,
      reasons: [errors],
    };
  }
  const delay_ms = backoffMs(attemptsUsed(record), moment.random);
  return {
    ...base,
    ...reviewFields(review),
    event: 'task_requeued',
    status: 'requeue',
    reason,
    feedback: feedbackOf(review),
    ...timer(moment.now, delay_ms),
    next_attempt: record.attempt + 1,
    failures: 0,
  };
}

function retryLater(
  record: TaskRecord,
  base: Base,
  command: Extract<WorkerCommand, { kind: 'retry_later' }>,
  moment: Moment,
): TaskEvent {
  const failures = record.failures + 1;
  if (failures >= command.max_failures) {
    const errors = `Gave up after ${failures} failed executions: ${command.reason}`;
    return { ...base, event: 'task_failed', status: 'failed', errors, reasons: [errors] };
  }
  return {
    ...base,
    event: 'task_requeued',
    status: 'requeue',
    reason: command.reason,
    ...timer(moment.now, backoffMs(failures, moment.random)),
    next_attempt: record.attempt,
    failures,
  };
}

/** The same attempt, later; it costs no failure. */
function wait(record: TaskRecord, base: Base, command: Extract<WorkerCommand, { kind: 'wait' }>, moment: Moment): TaskEvent {
  const delay_ms = Math.ceil(command.delay_ms * (1 + WAIT_SPREAD * moment.random));
  return {
    ...base,
    event: 'task_requeued',
    status: 'requeue',
    reason: command.reason,
    ...timer(moment.now, delay_ms),
    next_attempt: record.attempt,
    failures: record.failures,
  };
}

/** Attempts since the task was added or a person last redrove it. */
export const attemptsUsed = (record: TaskRecord): number => record.attempt - record.first_attempt + 1;

function timer(now: Date, delay_ms: number) {
  return { not_before: new Date(now.getTime() + delay_ms).toISOString(), delay_ms };
}

function feedbackOf(review: Review): Feedback {
  const failed = review.witnesses.filter((w) => !w.passed).map((w) => `${w.kind}: ${w.detail}`);
  return { issues: [...new Set([...review.issues, ...failed])], suggestions: review.suggestions };
}

const intentFields = (intent: Intent | undefined) => (intent ? { intent } : {});

/** The documented flat fields beside the structured ones. */
function reviewFields(review: Review) {
  return {
    review_verdict: review.verdict,
    review_confidence: review.confidence,
    review_issues: review.issues,
    review_suggestions: review.suggestions,
  };
}

/** The documented flat fields of a finished execution; `budget_used` is the task's own call, to the micro-dollar. */
function executionFields(outcome: Outcome) {
  const { result_summary, model, budget_used } = outcome;
  const { tool_route, tool_name, tool_version, tool_confidence, model_call_avoided } = outcome;
  return {
    result_summary,
    errors: null,
    model,
    budget_used: Math.round(budget_used * 1e6) / 1e6,
    safety_passed: true,
    tool_route,
    tool_name,
    tool_version,
    tool_confidence,
    model_call_avoided,
  };
}

function outcomeFields(record: TaskRecord) {
  const outcome = record.outcome;
  return outcome ? { result_summary: outcome.result_summary, model: outcome.model, review_attempt: attemptsUsed(record) } : {};
}
