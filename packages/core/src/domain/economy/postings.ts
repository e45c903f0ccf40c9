import { COMMONS, walletAccount } from './accounts.ts';
import type { TokenFold } from './fold.ts';
import { JOURNAL_CAP_TOKENS, splitGrant } from './rules.ts';
import { freeCapOf } from './views.ts';

type Balances = Pick<TokenFold, 'balances' | 'caps'>;

/**
 * Builds the postings of one event on the balances as they stand. Credits stop at a wallet's cap and the rest goes to the
 * commons; the caps ride along as conditions, so that they hold whoever books first.
 */
export class Postings {
  readonly #fold: Balances;
  readonly #changes = new Map<string, number>();
  readonly #capped = new Map<string, number>();

  constructor(fold: Balances) {
    this.#fold = fold;
  }

  balance(account: string): number {
    return (this.#fold.balances.get(account) ?? 0) + (this.#changes.get(account) ?? 0);
  }

  move(from: string, to: string, amount: number): this {
    this.#add(from, -amount);
    this.#add(to, amount);
    return this;
  }

  /** Give to a resident. Returns what fitted under the cap. `split` is 70 % free time, 30 % journal. */
  credit(from: string, identity_id: string, amount: number, pool: 'free' | 'split' = 'free'): number {
    const free = walletAccount(identity_id, 'free');
    const journal = walletAccount(identity_id, 'journal');
    const cap = freeCapOf(this.#fold, identity_id);
    const part =
      pool === 'split'
        ? splitGrant(amount, { free: this.balance(free), journal: this.balance(journal) }, cap)
        : { free: Math.min(amount, Math.max(0, cap - this.balance(free))), journal: 0 };
    this.#add(from, -amount);
    this.#addCapped(free, part.free, cap);
    this.#addCapped(journal, part.journal, JOURNAL_CAP_TOKENS);
    this.#add(COMMONS, amount - part.free - part.journal);
    return part.free + part.journal;
  }

  /** Take from a resident, the journal pool first where asked. Returns what could not be had. */
  charge(identity_id: string, to: string, amount: number, pools: readonly ('free' | 'journal')[] = ['free']): number {
    let due = amount;
    for (const pool of pools) {
      const account = walletAccount(identity_id, pool);
      const part = Math.min(due, Math.max(0, this.balance(account)));
      if (part > 0) this.move(account, to, part);
      due -= part;
    }
    return due;
  }

  done() {
    const postings = [...this.#changes].flatMap(([account, amount]) => (amount === 0 ? [] : [{ account, amount }]));
    const at_most = [...this.#capped].map(([account, balance]) => ({ account, balance }));
    return { postings, at_most };
  }

  #addCapped(account: string, amount: number, cap: number): void {
    if (amount <= 0) return;
    this.#add(account, amount);
    this.#capped.set(account, cap);
  }

  #add(account: string, amount: number): void {
    this.#changes.set(account, (this.#changes.get(account) ?? 0) + amount);
  }
}
