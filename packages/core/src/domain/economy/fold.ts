import type { TokenEntry } from '../../ports/token-ledger.ts';
import { mayGoNegative, walletOf } from './accounts.ts';
import type { TokenRecord } from './record.ts';

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

export interface WalletHistory {
  readonly grants: readonly GrantRow[];
  readonly spendings: readonly SpendingRow[];
}

/** All that follows from the ledger's records. Mutable: one owner folds into it. */
export interface TokenFold {
  readonly balances: Map<string, number>;
  /** Key → position of the one record that counts under it. */
  readonly keys: Map<string, number>;
  readonly histories: Map<string, WalletHistory>;
  /** Under-budget rewards by `<task_id>::<identity_id>`. */
  readonly grants: Map<string, Readonly<Record<string, unknown>>>;
}

/** Why an entry does not count. */
export type Refusal =
  | { readonly rule: 'no_funds'; readonly account: string; readonly balance: number; readonly asked: number }
  | { readonly rule: 'at_most'; readonly account: string; readonly balance: number; readonly limit: number };

const GRANT_ROWS = 20;
const SPENDING_ROWS = 50;
export const REWARD_KIND = 'under_budget_reward';

export function emptyTokenFold(): TokenFold {
  return { balances: new Map(), keys: new Map(), histories: new Map(), grants: new Map() };
}

/** Whether an entry may count on this state; undefined when it may. */
export function refusalOf(fold: TokenFold, entry: TokenEntry): Refusal | undefined {
  const after = new Map<string, number>();
  for (const { account, amount } of entry.postings) {
    const balance = fold.balances.get(account) ?? 0;
    after.set(account, balance + amount);
    if (amount < 0 && balance + amount < 0 && !mayGoNegative(account))
      return { rule: 'no_funds', account, balance, asked: -amount };
  }
  for (const { account, balance: limit } of entry.at_most ?? []) {
    const balance = after.get(account) ?? fold.balances.get(account) ?? 0;
    if (balance > limit) return { rule: 'at_most', account, balance, limit };
  }
  return undefined;
}

/** Fold one record. A key counts once, an entry that breaks a rule never; both leave the state as it was. */
export function applyToken(fold: TokenFold, record: TokenRecord, position: number): 'counted' | 'known' | 'void' {
  if (fold.keys.has(record.key)) return 'known';
  if (refusalOf(fold, record)) return 'void';
  fold.keys.set(record.key, position);
  for (const { account, amount } of record.postings) fold.balances.set(account, (fold.balances.get(account) ?? 0) + amount);
  noteHistories(fold, record);
  if (record.kind === REWARD_KIND && record.data) {
    fold.grants.set(`${record.data['task_id']}::${record.data['identity_id']}`, record.data);
  }
  return 'counted';
}

function noteHistories(fold: TokenFold, record: TokenRecord): void {
  const touched = new Map<string, { free: number; journal: number }>();
  for (const { account, amount } of record.postings) {
    const wallet = walletOf(account);
    if (!wallet) continue;
    const change = touched.get(wallet.identity_id) ?? { free: 0, journal: 0 };
    change[wallet.pool] += amount;
    touched.set(wallet.identity_id, change);
  }
  for (const [identity_id, change] of touched) {
    const history = fold.histories.get(identity_id) ?? { grants: [], spendings: [] };
    fold.histories.set(identity_id, withRow(history, record, change));
  }
}

function withRow(history: WalletHistory, record: TokenRecord, change: { free: number; journal: number }): WalletHistory {
  const { timestamp, memo, data } = record;
  const total = change.free + change.journal;
  if (total < 0) {
    const row = { spent: -total, activity: memo, timestamp, journal_captured: data?.['journal_captured'] === true };
    return { ...history, spendings: [...history.spendings, row].slice(-SPENDING_ROWS) };
  }
  const capped = { free_capped: data?.['free_capped'] === true, journal_capped: data?.['journal_capped'] === true };
  const granted = { granted_total: total, free_time_granted: change.free, journal_granted: change.journal };
  return { ...history, grants: [...history.grants, { ...granted, reason: memo, timestamp, ...capped }].slice(-GRANT_ROWS) };
}
