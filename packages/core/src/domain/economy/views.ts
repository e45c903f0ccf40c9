import { walletAccount, walletOf } from './accounts.ts';
import { changeOf, type TokenFold } from './fold.ts';
import type { TokenRecord } from './record.ts';
import { FREE_TIME_CAP_TOKENS } from './rules.ts';

/** One row of a wallet's history, as the reference names its fields. */
export interface GrantRow {
  readonly granted_total: number;
  readonly free_time_granted: number;
  readonly journal_granted: number;
  readonly reason: string;
  readonly timestamp: string;
  readonly free_capped: boolean;
  readonly journal_capped: boolean;
}

export interface SpendingRow {
  readonly spent: number;
  readonly activity: string;
  readonly timestamp: string;
  readonly journal_captured: boolean;
}

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
export function rewardView(rewards: Iterable<Pick<TokenRecord, 'data'>>): { version: 1; grants: Record<string, unknown> } {
  const grants: Record<string, unknown> = {};
  for (const { data } of rewards) if (data) grants[`${data['task_id']}::${data['identity_id']}`] = data;
  return { version: 1, grants };
}

function walletRow(fold: TokenFold, id: string): WalletRow {
  const history = fold.histories.get(id);
  return {
    tokens: fold.balances.get(walletAccount(id, 'free')) ?? 0,
    journal_tokens: fold.balances.get(walletAccount(id, 'journal')) ?? 0,
    free_time_cap: freeCapOf(fold, id),
    history: (history?.grants ?? []).map((record) => grantRow(record, id)),
    spending_history: (history?.spendings ?? []).map((record) => spendingRow(record, id)),
  };
}

/** What a resident's free time may hold. */
export function freeCapOf(fold: Pick<TokenFold, 'caps'>, id: string): number {
  return fold.caps.get(id) ?? FREE_TIME_CAP_TOKENS;
}

function grantRow(record: TokenRecord, id: string): GrantRow {
  const { free, journal } = changeOf(record, id);
  const { memo: reason, timestamp, data } = record;
  const capped = { free_capped: data?.['free_capped'] === true, journal_capped: data?.['journal_capped'] === true };
  return { granted_total: free + journal, free_time_granted: free, journal_granted: journal, reason, timestamp, ...capped };
}

function spendingRow(record: TokenRecord, id: string): SpendingRow {
  const { free, journal } = changeOf(record, id);
  const { memo: activity, timestamp, data } = record;
  return { spent: -(free + journal), activity, timestamp, journal_captured: data?.['journal_captured'] === true };
}
