import type { TokenEntry } from '../../ports/token-ledger.ts';
import { COMMONS, UNDER_BUDGET_MINT, walletAccount } from './accounts.ts';
import { REWARD_KIND } from './fold.ts';
import { FREE_TIME_CAP_TOKENS, JOURNAL_CAP_TOKENS, splitGrant } from './rules.ts';

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

/**
 * The booking of one under-budget reward on these balances. It carries the caps as conditions: when another booking
 * fills the wallet first, this one does not count and is made again.
 */
export function rewardEntry(
  request: RewardRequest,
  held: { free: number; journal: number },
  freeCap = FREE_TIME_CAP_TOKENS,
): TokenEntry {
  const { task_id, identity_id, tokens } = request;
  const grant = splitGrant(tokens, held, freeCap);
  const free = walletAccount(identity_id, 'free');
  const journal = walletAccount(identity_id, 'journal');
  const received = [
    { account: free, amount: grant.free },
    { account: journal, amount: grant.journal },
    { account: COMMONS, amount: grant.overflow },
  ].filter(({ amount }) => amount > 0);
  const caps = [
    { account: free, balance: freeCap },
    { account: journal, balance: JOURNAL_CAP_TOKENS },
  ].filter(({ account }) => received.some((posting) => posting.account === account));
  const reason = `worker_approved_under_budget:${task_id}`;
  const { budget_used, max_budget, review_confidence, granted_at } = request;
  const facts = { task_id, identity_id, tokens_requested: tokens, tokens_awarded: grant.free + grant.journal };
  const capped = { free_capped: grant.free_capped, journal_capped: grant.journal_capped };
  return {
    key: rewardKey(task_id, identity_id),
    kind: REWARD_KIND,
    postings: [{ account: UNDER_BUDGET_MINT, amount: -tokens }, ...received],
    memo: reason,
    data: { ...facts, budget_used, max_budget, review_confidence, reason, granted_at, ...capped },
    at_most: caps,
  };
}
