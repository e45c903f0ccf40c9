import { UNDER_BUDGET_MINT, walletAccount } from './accounts.ts';
import { REWARD_KIND, type TokenFold } from './fold.ts';
import { Postings } from './postings.ts';
import { splitGrant } from './rules.ts';
import { freeCapOf } from './views.ts';

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
