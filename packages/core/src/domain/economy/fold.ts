import { mayGoNegative, ownerOf } from './accounts.ts';
import { KeyIndex } from './key-index.ts';
import { PositionList } from './position-list.ts';
import type { TokenEntry, TokenRecord } from './record.ts';

/** The last entries that moved a resident's tokens, by what they did to the sum of both pools. */
export interface WalletHistory {
  readonly grants: TokenRecord[];
  readonly spendings: TokenRecord[];
}

/** All that follows from the ledger's records. Mutable: one owner folds into it. */
export interface TokenFold {
  readonly balances: Map<string, number>;
  /** Key → position of the one record that counts under it. */
  readonly keys: KeyIndex;
  /** How many entries have touched a subject. */
  readonly touched: Map<string, number>;
  /** Positions of every entry that moved a resident's tokens, oldest first. */
  readonly trails: Map<string, PositionList>;
  /** Free-time caps that were raised above the usual one. */
  readonly caps: Map<string, number>;
  readonly histories: Map<string, WalletHistory>;
  /** Positions of the under-budget rewards, oldest first. */
  readonly rewards: PositionList;
}

/** Why an entry does not count. */
export type Refusal =
  | { readonly rule: 'no_funds'; readonly account: string; readonly balance: number; readonly asked: number }
  | { readonly rule: 'at_most'; readonly account: string; readonly balance: number; readonly limit: number }
  | { readonly rule: 'changed_meanwhile'; readonly subject: string };

const GRANT_ROWS = 20;
const SPENDING_ROWS = 50;
export const REWARD_KIND = 'under_budget_reward';
/** Carries `free_time_caps`: identity id → the cap from here on. */
export const MILESTONE_KIND = 'milestone_reached';

export function emptyTokenFold(): TokenFold {
  const maps = { balances: new Map(), touched: new Map(), trails: new Map(), caps: new Map() };
  return { ...maps, keys: new KeyIndex(), histories: new Map(), rewards: new PositionList() };
}

/** Whether an entry may count on this state; undefined when it may. */
export function refusalOf(fold: TokenFold, entry: TokenEntry): Refusal | undefined {
  for (const subject in entry.guards) {
    if ((fold.touched.get(subject) ?? 0) !== entry.guards[subject]) return { rule: 'changed_meanwhile', subject };
  }
  if (entry.postings.length === 0) return undefined;
  for (const { account, amount } of entry.postings) {
    const balance = fold.balances.get(account) ?? 0;
    if (amount < 0 && balance + amount < 0 && !mayGoNegative(account))
      return { rule: 'no_funds', account, balance, asked: -amount };
  }
  for (const { account, balance: limit } of entry.at_most ?? []) {
    const change = entry.postings.reduce((sum, posting) => sum + (posting.account === account ? posting.amount : 0), 0);
    const balance = (fold.balances.get(account) ?? 0) + change;
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
  for (const subject in record.guards) fold.touched.set(subject, (fold.touched.get(subject) ?? 0) + 1);
  noteHistories(fold, record, position);
  if (record.kind === MILESTONE_KIND) raiseCaps(fold, record);
  if (record.kind === REWARD_KIND) fold.rewards.push(position);
  return 'counted';
}

function raiseCaps(fold: TokenFold, record: TokenRecord): void {
  const raised = record.data?.['free_time_caps'];
  if (typeof raised !== 'object' || raised === null) return;
  for (const [id, cap] of Object.entries(raised)) if (Number.isSafeInteger(cap)) fold.caps.set(id, cap);
}

function noteHistories(fold: TokenFold, record: TokenRecord, position: number): void {
  let seen: string | undefined;
  for (const { account } of record.postings) {
    const id = ownerOf(account);
    if (id === undefined || id === seen) continue;
    seen = id;
    const trail = trailOf(fold, id);
    if (trail.last === position) continue;
    trail.push(position);
    noteRow(fold, id, record);
  }
}

function trailOf({ trails }: TokenFold, id: string): PositionList {
  const known = trails.get(id);
  if (known) return known;
  const trail = new PositionList();
  trails.set(id, trail);
  return trail;
}

function noteRow(fold: TokenFold, id: string, record: TokenRecord): void {
  let history = fold.histories.get(id);
  if (!history) {
    history = { grants: [], spendings: [] };
    fold.histories.set(id, history);
  }
  const { free, journal } = changeOf(record, id);
  const [rows, keep] = free + journal < 0 ? [history.spendings, SPENDING_ROWS] : [history.grants, GRANT_ROWS];
  rows.push(record);
  if (rows.length > keep) rows.shift();
}

/** What an entry did to a resident's two pools. */
export function changeOf({ postings }: Pick<TokenRecord, 'postings'>, identity_id: string): { free: number; journal: number } {
  const change = { free: 0, journal: 0 };
  for (const { account, amount } of postings) {
    if (ownerOf(account) !== identity_id) continue;
    if (account.endsWith(':journal')) change.journal += amount;
    else change.free += amount;
  }
  return change;
}
