import { walletOf } from '../../economy/accounts.ts';
import type { TokenRecord } from '../../economy/record.ts';

/** What residents spent on tasks, as far as something may come back for it. */
export interface Thrift {
  /** By task: what its residents paid in fees for acts they did for it, and its approval once there is one. */
  readonly open: Map<string, Spending>;
  /** The last tasks that were settled: their ISO week, whose work they were, and what they cost in tokens. */
  readonly samples: { readonly week: string; readonly identity_id: string; readonly spent: number }[];
}

interface Spending {
  readonly by: Map<string, number>;
  approved: { readonly identity_id: string; readonly quality: number } | undefined;
}

export interface ThriftSlice {
  readonly thrift: Thrift;
}

export const emptyThrift = (): ThriftSlice => ({ thrift: { open: new Map(), samples: [] } });

/** The fees that no other rule gives back: a journal is refunded by its votes, a message by its answer. */
const FEES: ReadonlySet<string> = new Set(['sink:self_edit']);
const MAX_OPEN = 5_000;

/** What an act for a task cost its resident in fees; gifts, stakes and prizes only change hands. */
export function noteSpending({ open }: Thrift, { task_id, actor, postings }: TokenRecord): void {
  if (task_id === undefined || actor === undefined) return;
  const fees = postings.reduce((sum, { account, amount }) => sum + (FEES.has(account) ? amount : 0), 0);
  if (fees <= 0 || !postings.some(({ account, amount }) => amount < 0 && walletOf(account)?.identity_id === actor)) return;
  const spending = open.get(task_id) ?? { by: new Map(), approved: undefined };
  spending.by.set(actor, (spending.by.get(actor) ?? 0) + fees);
  open.set(task_id, spending);
  const [oldest] = open.keys();
  if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
}

/** The last word on a task. Nothing comes back for work that was not approved. */
export function noteVerdict({ open }: Thrift, task_id: string, approved: Spending['approved']): void {
  const spending = open.get(task_id);
  if (!spending) return;
  if (approved) spending.approved = approved;
  else open.delete(task_id);
}
