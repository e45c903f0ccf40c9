import { ApiAuditLine } from '@vivarium/core';
import { z } from 'zod';
import { type Sent, success } from './sent.ts';

/** What the pages about money exchange with the server. Amounts are US dollars. */

export const BudgetView = z
  .object({
    cap_usd: z.number(),
    spent_usd: z.number(),
    reserved_usd: z.number(),
    since: z.string().describe('The last reset; empty before the first'),
  })
  .meta({ id: 'BudgetView' });
export type BudgetView = Sent<typeof BudgetView>;

const Reservation = z
  .object({ call_id: z.string(), task_id: z.string().exactOptional(), amount_usd: z.number(), reserved_at: z.string() })
  .meta({ id: 'Reservation' });
export type Reservation = Sent<typeof Reservation>;

export const BudgetReset = BudgetView.extend({ success }).meta({ id: 'BudgetReset' });
export const BudgetAnswer = BudgetReset.extend({ reservations: z.array(Reservation) }).meta({ id: 'BudgetAnswer' });

const SpendSum = z
  .object({
    calls: z.number(),
    failed: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    cost_usd: z.number(),
  })
  .meta({ id: 'SpendSum' });
export type SpendSum = z.infer<typeof SpendSum>;

/** A sum under its key. */
const SpendRow = SpendSum.extend({
  key: z.string().describe('A day, a model, a resident or a task; empty when the call named none'),
}).meta({ id: 'SpendRow' });
export type SpendRow = Sent<typeof SpendRow>;

export const SpendAnswer = z
  .object({
    success,
    total: SpendSum,
    by_day: z.array(SpendRow),
    by_model: z.array(SpendRow),
    by_resident: z.array(SpendRow),
    by_task: z.array(SpendRow),
  })
  .meta({ id: 'SpendAnswer' });
export type SpendReport = Omit<Sent<typeof SpendAnswer>, 'success'>;

/** One attempt to call a model, of its line in the audit. */
export const CallLine = ApiAuditLine.pick({
  purpose: true,
  provider: true,
  model: true,
  input_tokens: true,
  output_tokens: true,
  duration_ms: true,
  outcome: true,
  attempt: true,
  error: true,
})
  .extend({ at: z.string(), cost_usd: z.number(), failed: z.boolean() })
  .meta({ id: 'CallLine' });
export type CallLine = Sent<typeof CallLine>;

/** One step of the queue's life. */
const ThroughputStep = z.object({
  at: z.string(),
  added: z.number(),
  approved: z.number(),
  failed: z.number(),
  open: z.number().describe('How many tasks were unfinished at its end'),
});
export type ThroughputStep = Sent<typeof ThroughputStep>;

/** Spend and queue in equal steps, oldest first. */
export const TrendAnswer = z
  .object({
    success,
    step_ms: z.number(),
    cap_usd: z.number(),
    complete: z
      .boolean()
      .describe('false for some seconds after a start: tasks that were finished before it are still being counted'),
    points: z.array(ThroughputStep.extend({ spent_usd: z.number().describe("The sum since the last reset at the step's end") })),
  })
  .meta({ id: 'TrendAnswer' });
export type TrendAnswer = Sent<typeof TrendAnswer>;

const ModelRow = z
  .object({
    id: z.string(),
    provider: z.string(),
    tier: z.string().exactOptional(),
    context_tokens: z.number().exactOptional(),
    roles: z.array(z.enum(['default', 'critic'])),
    price: z
      .object({ input_usd_per_million: z.number(), output_usd_per_million: z.number(), source: z.string() })
      .exactOptional()
      .describe('Absent when nobody publishes one; then no call is made'),
  })
  .meta({ id: 'ModelRow' });
export type ModelRow = Sent<typeof ModelRow>;

const RetiredModel = z
  .object({ id: z.string(), model: z.string(), because: z.string().exactOptional() })
  .meta({ id: 'RetiredModel' });
export type RetiredModel = Sent<typeof RetiredModel>;

export const ModelsAnswer = z
  .object({ success, models: z.array(ModelRow), retired: z.array(RetiredModel), prices_from: z.string() })
  .meta({ id: 'ModelsAnswer' });
export type ModelsAnswer = Sent<typeof ModelsAnswer>;
