import { z } from 'zod';
import { Instant, TaskId } from './ids.ts';
import { ModelDecision } from './outcome.ts';
import { ProcessIdentity } from './process.ts';

/** `task_locks/<task_id>.lock`: who runs a task at this moment. It informs; the log decides. */
export const LockFile = z.object({
  task_id: TaskId,
  worker_id: z.string(),
  resident_id: z.string(),
  pid: z.number().int(),
  host: z.string(),
  epoch: z.number().int(),
  started_at: Instant,
});
export type LockFile = z.infer<typeof LockFile>;

/**
 * `.swarm/workers/<worker_id>.json`: a worker's heartbeat. `monotonic_ms` is the machine's clock since boot, so a wall
 * clock that jumps changes no lease; it may be compared only under the same `boot_id` and `time_ns`.
 */
export const Heartbeat = ProcessIdentity.extend({
  worker_id: z.string(),
  monotonic_ms: z.number(),
  beat_at: Instant,
  started_at: Instant,
  concurrency: z.number().int(),
  running: z.array(TaskId),
  lease_ms: z.number().int().positive().optional().describe('how old this heartbeat may grow; 30 s when absent'),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** One line of `action_log.jsonl`. Nothing is truncated here; the `.log` beside it is the short form. */
export const ActionEntry = z.object({
  timestamp: Instant,
  actor: z.string(),
  action_type: z.enum(['TOOL', 'COST', 'SOCIAL', 'IDENTITY', 'SAFETY', 'BUDGET', 'TEST', 'JOURNAL', 'ERROR', 'SYSTEM', 'API']),
  action: z.string(),
  detail: z.string(),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
export type ActionEntry = z.infer<typeof ActionEntry>;

/** One line of `.swarm/audit/api.jsonl`: one attempt to call a model, whatever became of it. Costs are US dollars. */
export const ApiAuditLine = z.object({
  timestamp: Instant,
  event: z.enum([
    'API_CALL_SUCCESS',
    'API_CALL_FAILURE',
    'RATE_LIMITED',
    'BUDGET_EXCEEDED',
    'TASK_BUDGET_EXCEEDED',
    'API_CALL_ABORTED',
  ]),
  call_id: z.string(),
  user: z.string(),
  task_id: z.string().nullable(),
  identity_id: z.string().nullable(),
  purpose: z.string(),
  provider: z.string(),
  model: z.string(),
  model_decision: ModelDecision.optional(),
  attempt: z.number().int(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  estimated_cost: z.number(),
  cost: z.number(),
  outcome: z.string(),
  error: z.string().optional(),
  duration_ms: z.number(),
});
export type ApiAuditLine = z.infer<typeof ApiAuditLine>;

/** An identity as this release needs it; everything else in the file is kept. */
export const Identity = z.looseObject({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().min(1).max(80),
  summary: z.string().default(''),
  created_at: z.string().optional(),
  attributes: z
    .looseObject({
      core: z
        .looseObject({
          personality_traits: z.array(z.string()).default([]),
          core_values: z.array(z.string()).default([]),
          identity_statement: z.string().default(''),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type Identity = z.infer<typeof Identity>;
