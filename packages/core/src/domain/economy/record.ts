import { z } from 'zod';
import type { TokenEntry } from '../../ports/token-ledger.ts';
import { isAccount } from './accounts.ts';

const Account = z
  .string()
  .refine(isAccount, 'is no account: use commons, wallet:<id>:free|journal, mint:, sink:, escrow:, pool: or guild:');
const Amount = z
  .number()
  .refine((amount) => Number.isSafeInteger(amount) && amount !== 0, 'must be a whole number of tokens, not 0');

/** One booking as its writer means it. Postings sum to zero: tokens move, they do not appear. */
const Entry = z
  .object({
    key: z.string().min(1).max(400),
    kind: z.string().min(1).max(64),
    postings: z.array(z.object({ account: Account, amount: Amount })),
    memo: z.string().max(2_000),
    data: z.record(z.string(), z.unknown()).optional(),
    at_most: z.array(z.object({ account: Account, balance: z.number().int() })).optional(),
    actor: z.string().min(1).max(128).optional(),
    guards: z.record(z.string(), z.number().int().nonnegative()).optional(),
    action: z.string().min(1).max(64).optional(),
    answer: z.record(z.string(), z.unknown()).optional(),
  })
  .superRefine(({ postings }, ctx) => {
    const sum = postings.reduce((total, posting) => total + posting.amount, 0);
    if (sum !== 0) ctx.addIssue({ code: 'custom', path: ['postings'], message: `must sum to zero, not ${sum}` });
    if (new Set(postings.map(({ account }) => account)).size !== postings.length)
      ctx.addIssue({ code: 'custom', path: ['postings'], message: 'name each account once' });
  });

/** One line of `.swarm/ledger.jsonl`. */
export type TokenRecord = TokenEntry & { readonly timestamp: string };

/** Check a line, as fast as a million lines need it. @throws TypeError, which makes the line an invalid one */
export function parseTokenRecord(value: unknown): TokenRecord {
  if (!isRecord(value)) throw new TypeError('is no booking');
  return value;
}

function isRecord(value: unknown): value is TokenRecord {
  if (!isObject(value)) return false;
  const { key, kind, memo, timestamp, postings, data, guards, at_most } = value;
  const texts = typeof key === 'string' && key !== '' && typeof kind === 'string' && kind !== '' && typeof memo === 'string';
  if (!texts || typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp))) return false;
  if (!Array.isArray(postings) || !balanced(postings)) return false;
  if (data !== undefined && !isObject(data)) return false;
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

export function parseEntry(value: unknown): TokenEntry {
  const { data, at_most, actor, action, guards, answer, ...entry } = Entry.parse(value);
  const optional = { ...(data && { data }), ...(at_most && { at_most }), ...(actor && { actor }), ...(action && { action }) };
  return { ...entry, ...optional, ...(guards && { guards }), ...(answer && { answer }) };
}
