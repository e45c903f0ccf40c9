import { isAccount } from './accounts.ts';

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
  /** In the course of which task the actor did it. */
  readonly task_id?: string;
  /** Under which name the actor did it. */
  readonly action?: string;
  /** What the actor was told, so that a repeat is told the same. */
  readonly answer?: Readonly<Record<string, unknown>>;
}

/** One line of `.swarm/ledger.jsonl`. */
export type TokenRecord = TokenEntry & { readonly timestamp: string };

/** Check a line, as fast as a million lines need it. @throws TypeError, which makes the line an invalid one */
export function parseTokenRecord(value: unknown): TokenRecord {
  if (!isRecord(value)) throw new TypeError('is not a booking');
  return value;
}

function isRecord(value: unknown): value is TokenRecord {
  if (!isObject(value)) return false;
  const { key, kind, memo, timestamp, postings, data, guards, at_most, task_id } = value;
  const texts = typeof key === 'string' && key !== '' && typeof kind === 'string' && kind !== '' && typeof memo === 'string';
  if (!texts || typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp))) return false;
  if (!Array.isArray(postings) || !balanced(postings)) return false;
  if (data !== undefined && !isObject(data)) return false;
  if (task_id !== undefined && typeof task_id !== 'string') return false;
  if (guards !== undefined && !(isObject(guards) && Object.values(guards).every(isCount))) return false;
  return at_most === undefined || (Array.isArray(at_most) && at_most.every(isLimit));
}

function balanced(postings: readonly unknown[]): boolean {
  let sum = 0;
  for (let at = 0; at < postings.length; at++) {
    const posting = postings[at];
    if (!isObject(posting)) return false;
    const { account, amount } = posting;
    if (typeof account !== 'string' || !isAccount(account)) return false;
    for (let before = 0; before < at; before++) if (accountAt(postings, before) === account) return false;
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount === 0) return false;
    sum += amount;
  }
  return sum === 0;
}

const accountAt = (postings: readonly unknown[], at: number): unknown => {
  const posting = postings[at];
  return isObject(posting) ? posting['account'] : undefined;
};
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isLimit = (value: unknown): boolean =>
  isObject(value) && typeof value['account'] === 'string' && typeof value['balance'] === 'number';
