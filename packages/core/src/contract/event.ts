import { z } from 'zod';
import { Instant, TaskId } from './ids.ts';
import { Feedback, Hold, Outcome, Review, SafetyReport } from './outcome.ts';
import { Task } from './task.ts';

const base = { task_id: TaskId, timestamp: Instant };
/** Who acted outside a lease: a person, a hand edit, the planner, the runtime. */
const byActor = { ...base, actor: z.string() };
/** Written under a claim; it counts only while `(worker_id, epoch)` still holds the task. */
const underLease = {
  ...base,
  worker_id: z.string(),
  resident_id: z.string().optional(),
  identity_id: z.string().optional(),
  epoch: z.number().int(),
  attempt: z.number().int(),
};

/**
 * One line of `execution_log.jsonl`. `event` says what happened; `status` keeps the documented vocabulary, and a task's
 * status is that of its last counted event. Extra keys survive.
 */
export const TaskEvent = z.discriminatedUnion('event', [
  z.looseObject({
    ...byActor,
    event: z.literal('task_added'),
    status: z.literal('queued'),
    task: Task,
    hold: Hold.optional(),
    part_of: TaskId.optional().describe('The task whose step it is; it counts only with that breakdown'),
  }),
  z.looseObject({ ...byActor, event: z.literal('task_edited'), status: z.literal('queued'), task: Task }),
  z.looseObject({ ...underLease, event: z.literal('task_claimed'), status: z.literal('in_progress') }),
  z.looseObject({ ...underLease, event: z.literal('task_executed'), status: z.literal('completed'), outcome: Outcome }),
  z.looseObject({ ...underLease, event: z.literal('task_reviewed'), status: z.literal('pending_review'), review: Review }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_blocked'),
    status: z.literal('safety_blocked'),
    reason: z.string(),
    safety_report: SafetyReport,
  }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_held'),
    status: z.enum(['pending_review', 'queued']),
    hold: Hold,
    review: Review.optional(),
  }),
  z.looseObject({
    ...base,
    event: z.literal('task_gated'),
    status: z.enum(['pending_review', 'needs_qa', 'needs_integration', 'needs_e2e', 'ready_for_merge']),
    actor: z.string().optional(),
    worker_id: z.string().optional(),
    epoch: z.number().int().optional().describe('Present when the holder of a claim says it'),
    attempt: z.number().int().optional(),
    hold: Hold.optional().describe('What it waits for at its gate'),
  }),
  z.looseObject({ ...underLease, event: z.literal('task_approved'), status: z.literal('approved'), review: Review }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_requeued'),
    status: z.literal('requeue'),
    reason: z.string(),
    feedback: Feedback.optional(),
    not_before: Instant,
    delay_ms: z.number(),
    next_attempt: z.number().int(),
    failures: z.number().int().describe('failed executions of this attempt so far'),
  }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_failed'),
    status: z.literal('failed'),
    errors: z.string(),
    reasons: z.array(z.string()),
  }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_expanded'),
    status: z.literal('queued'),
    reason: z.string(),
    children: z.array(TaskId).min(1).describe('The steps; the same append adds them, all or none'),
  }),
  z.looseObject({
    ...underLease,
    event: z.literal('task_released'),
    status: z.literal('queued'),
    reason: z.string(),
    declined_by: z.string().optional().describe('The resident who gave it back; it is offered to another one'),
  }),
  z.looseObject({ ...byActor, event: z.literal('task_accepted'), status: z.literal('approved'), review: Review }),
  z.looseObject({
    ...byActor,
    event: z.literal('task_rejected'),
    status: z.enum(['requeue', 'failed']),
    reason: z.string(),
    feedback: Feedback,
    next_attempt: z.number().int(),
  }),
  z.looseObject({ ...byActor, event: z.literal('task_retried'), status: z.literal('queued'), next_attempt: z.number().int() }),
  z.looseObject({
    ...byActor,
    event: z.literal('task_collapsed'),
    status: z.literal('queued'),
    reason: z.string(),
    task: Task.describe('The body with which it goes on as one task'),
  }),
  z.looseObject({ ...byActor, event: z.literal('task_unheld'), status: z.literal('queued'), reason: z.string() }),
  z.looseObject({ ...byActor, event: z.literal('task_cancelled'), status: z.literal('failed'), reason: z.string() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
export type TaskEventName = TaskEvent['event'];
