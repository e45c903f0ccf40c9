import { walletAccount, walletOf } from './accounts.ts';
import type { GrantRow, SpendingRow, TokenFold } from './fold.ts';
import { FREE_TIME_CAP_TOKENS } from './rules.ts';

/** One row of `free_time_balances.json`. */
export interface WalletRow {
  readonly tokens: number;
  readonly journal_tokens: number;
  readonly free_time_cap: number;
  readonly history: readonly GrantRow[];
  readonly spending_history: readonly SpendingRow[];
}

/** `free_time_balances.json`: one row per resident that ever had a token, by identity id. */
export function walletView(fold: TokenFold): Record<string, WalletRow> {
  const ids = new Set<string>();
  for (const account of fold.balances.keys()) {
    const wallet = walletOf(account);
    if (wallet) ids.add(wallet.identity_id);
  }
  return Object.fromEntries([...ids].sort().map((id) => [id, walletRow(fold, id)]));
}

/** `phase5_reward_ledger.json`: every under-budget reward, by `<task_id>::<identity_id>`. */
export function rewardView(fold: TokenFold): { version: 1; grants: Record<string, unknown> } {
  return { version: 1, grants: Object.fromEntries(fold.grants) };
}

function walletRow(fold: TokenFold, id: string): WalletRow {
  const history = fold.histories.get(id);
  return {
    tokens: fold.balances.get(walletAccount(id, 'free')) ?? 0,
    journal_tokens: fold.balances.get(walletAccount(id, 'journal')) ?? 0,
    free_time_cap: freeCapOf(fold, id),
    history: history?.grants ?? [],
    spending_history: history?.spendings ?? [],
  };
}

/** What a resident's free time may hold. */
export function freeCapOf(fold: Pick<TokenFold, 'caps'>, id: string): number {
  return fold.caps.get(id) ?? FREE_TIME_CAP_TOKENS;
}
