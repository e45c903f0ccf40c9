import type { Review } from '../../contract/outcome.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { UNDER_BUDGET_MINT, walletAccount } from './accounts.ts';
import { REWARD_KIND, type TokenFold } from './fold.ts';
import { Postings } from './postings.ts';
import { rewardTokens, splitGrant } from './rules.ts';
import { freeCapOf } from './views.ts';

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

export interface RewardRequest {
  readonly task_id: string;
  readonly identity_id: string;
  /** From `rewardTokens`; positive. */
  readonly tokens: number;
  readonly budget_used: number;
  readonly max_budget: number;
  readonly review_confidence: number;
  readonly granted_at: string;
}

export function rewardKey(task_id: string, identity_id: string): string {
  return `reward:${task_id}::${identity_id}`;
}

/** One under-budget reward on the balances as they stand: what it books, and what its entry says. */
export function rewardOf(request: RewardRequest, fold: Pick<TokenFold, 'balances' | 'caps'>) {
  const { task_id, identity_id, tokens, budget_used, max_budget, review_confidence, granted_at } = request;
  const held = (pool: 'free' | 'journal') => fold.balances.get(walletAccount(identity_id, pool)) ?? 0;
  const grant = splitGrant(tokens, { free: held('free'), journal: held('journal') }, freeCapOf(fold, identity_id));
  const booking = new Postings(fold);
  const tokens_awarded = booking.credit(UNDER_BUDGET_MINT, identity_id, tokens, 'split');
  const memo = `worker_approved_under_budget:${task_id}`;
  const facts = { task_id, identity_id, tokens_requested: tokens, tokens_awarded, budget_used, max_budget, review_confidence };
  const data = { ...facts, reason: memo, granted_at, free_capped: grant.free_capped, journal_capped: grant.journal_capped };
  return { key: rewardKey(task_id, identity_id), kind: REWARD_KIND, memo, data, booking };
}
