import type { Review } from '../../contract/outcome.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { rewardTokens } from './rules.ts';

/** What an approved task earns, or why it earns nothing. */
export interface Earned {
  readonly tokens: number;
  readonly identity_id: string | undefined;
  readonly reason: string;
  readonly budget_used: number;
  readonly max_budget: number;
  readonly confidence: number;
}

/** The under-budget reward of an approval: paid to a resident, for real work, when the task cost less than it might. */
export function rewardFor(approval: {
  readonly record: TaskRecord;
  readonly review: Review;
  readonly identity_id: string | undefined;
}): Earned {
  const { record, review, identity_id } = approval;
  const max_budget = record.task.max_budget;
  const budget_used = record.outcome?.budget_used ?? 0;
  const { confidence } = review;
  const base = { identity_id, budget_used, max_budget, confidence };
  if (identity_id === undefined) return { ...base, tokens: 0, reason: 'identity_unavailable' };
  if (!record.outcome) return { ...base, tokens: 0, reason: 'no_execution' };
  if (record.outcome.simulated) return { ...base, tokens: 0, reason: 'simulated' };
  const tokens = rewardTokens({ max_budget, budget_used, confidence });
  if (tokens <= 0) return { ...base, tokens: 0, reason: 'not_under_budget' };
  return { ...base, tokens, reason: `worker_approved_under_budget:${record.task.id}` };
}
