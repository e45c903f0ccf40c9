/** One booking: postings sum to zero; amounts are whole tokens. `key` makes it happen once. */
export interface TokenEntry {
  /** One key per business event, e.g. `reward:<task_id>::<identity_id>`. */
  readonly key: string;
  readonly kind: string;
  readonly postings: readonly { readonly account: string; readonly amount: number }[];
  readonly memo: string;
  /** The entry counts only if these accounts hold no more than this afterwards: how a cap survives a race. */
  readonly at_most?: readonly { readonly account: string; readonly balance: number }[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Tokens, double entry. No wallet below zero; a key counts once; every balance recomputes from the log. */
export interface TokenLedger {
  /** false when the key was there already: nothing changed. @throws InvalidInputError, TaskConflictError (no funds) */
  book(entry: TokenEntry): Promise<boolean>;
  balance(account: string): number;
  balances(): ReadonlyMap<string, number>;
  has(key: string): boolean;
  refresh(): void;
  close(): Promise<void>;
}
