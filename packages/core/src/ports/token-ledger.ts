/** One event of the society: postings sum to zero (or there are none); amounts are whole tokens. `key` makes it happen once. */
export interface TokenEntry {
  /** One key per business event, e.g. `reward:<task_id>::<identity_id>`. */
  readonly key: string;
  readonly kind: string;
  readonly postings: readonly { readonly account: string; readonly amount: number }[];
  readonly memo: string;
  /** The entry counts only if these accounts hold no more than this afterwards: how a cap survives a race. */
  readonly at_most?: readonly { readonly account: string; readonly balance: number }[];
  readonly data?: Readonly<Record<string, unknown>>;
  /** Who did it: an identity's id, `human` or `runtime`. */
  readonly actor?: string;
  /**
   * What the decision rested on: subject → how many entries had touched it. The entry counts only while that is still so,
   * and touches each subject once more. This is how a vote, a slot or a membership survives a race.
   */
  readonly guards?: Readonly<Record<string, number>>;
  /** Under which name the actor did it. */
  readonly action?: string;
  /** What the actor was told, so that a repeat is told the same. */
  readonly answer?: Readonly<Record<string, unknown>>;
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
