import { z } from 'zod';
import { Instant } from '../../contract/ids.ts';
import type { TokenEntry } from '../../ports/token-ledger.ts';
import { isAccount } from './accounts.ts';

const Account = z
  .string()
  .refine(isAccount, 'is no account: use commons, wallet:<id>:free|journal, mint:, sink:, escrow:, pool: or guild:');
const Amount = z
  .number()
  .refine((amount) => Number.isSafeInteger(amount) && amount !== 0, 'must be a whole number of tokens, not 0');

/** One booking as its writer means it. Postings sum to zero: tokens move, they do not appear. */
export const Entry = z
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

/** Check a line. @throws ZodError, which makes the line an invalid one */
export function parseTokenRecord(value: unknown): TokenRecord {
  const { timestamp } = z.object({ timestamp: Instant }).parse(value);
  return { ...parseEntry(value), timestamp };
}

export function parseEntry(value: unknown): TokenEntry {
  const { data, at_most, actor, action, guards, answer, ...entry } = Entry.parse(value);
  const optional = { ...(data && { data }), ...(at_most && { at_most }), ...(actor && { actor }), ...(action && { action }) };
  return { ...entry, ...optional, ...(guards && { guards }), ...(answer && { answer }) };
}
