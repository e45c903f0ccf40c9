import { z } from 'zod';
import { ProcessIdentity } from '../../contract/process.ts';

const usd = z.number().min(0).max(1e7);
const timestamp = z.string();

/** What a call is: kept with its reservation, so that one whose process died can still be accounted for. */
export const CallNote = z.object({
  user: z.string(),
  purpose: z.string(),
  provider: z.string(),
  model: z.string(),
  attempt: z.number().int(),
});

/** One line of `.swarm/budget_ledger.jsonl`. Whether it counts is for the fold to say. */
export const BudgetRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cap_set'), timestamp, actor: z.string(), cap_usd: usd }),
  z.object({
    kind: z.literal('reserved'),
    timestamp,
    call_id: z.string().min(1),
    task_id: z.string().optional(),
    identity_id: z.string().optional(),
    amount_usd: usd,
    enough_usd: usd.optional(),
    minimum_usd: usd,
    task_cap_usd: usd.optional(),
    identity_cap_usd: usd.optional(),
    about: CallNote.optional(),
    owner: ProcessIdentity.describe('The process that holds the reservation'),
  }),
  z.object({
    kind: z.literal('settled'),
    timestamp,
    call_id: z.string().min(1),
    cost_usd: usd,
    because: z.string().optional().describe('Set when the cost is not the provider’s own figure'),
  }),
  z.object({
    kind: z.literal('reset'),
    timestamp,
    actor: z.string(),
    dropped: z.array(z.string()).describe('Reservations of processes that no longer exist'),
  }),
]);
export type BudgetRecord = z.infer<typeof BudgetRecord>;
export type ReservedRecord = Extract<BudgetRecord, { kind: 'reserved' }>;
