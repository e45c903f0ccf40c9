import { walletOf } from '../economy/accounts.ts';
import type { TokenRecord } from '../economy/record.ts';
import { utcDay } from './calendar.ts';

/** What residents spent on tasks, as far as something may come back for it. */
export interface Thrift {
  /** By task: what its residents paid in fees for acts they did for it, and its approval once there is one. */
  readonly open: Map<string, Spending>;
  /** Tokens of the last tasks that were settled. */
  readonly samples: { readonly week: string; readonly spent: number }[];
  readonly participants: Map<string, { tasks: number; tokens: number }>;
}

interface Spending {
  readonly by: Map<string, number>;
  approved: { readonly identity_id: string; readonly quality: number; readonly day: string } | undefined;
}

export const emptyThrift = (): Thrift => ({ open: new Map(), samples: [], participants: new Map() });

const MAX_OPEN = 5_000;

/** What an act for a task cost its resident in fees; gifts, stakes and prizes only change hands. */
export function noteSpending({ open }: Thrift, { task_id, actor, postings }: TokenRecord): void {
  if (task_id === undefined || actor === undefined) return;
  const fees = postings.reduce((sum, { account, amount }) => sum + (account.startsWith('sink:') ? amount : 0), 0);
  if (fees <= 0 || !postings.some(({ account, amount }) => amount < 0 && walletOf(account)?.identity_id === actor)) return;
  const spending = open.get(task_id) ?? { by: new Map(), approved: undefined };
  spending.by.set(actor, (spending.by.get(actor) ?? 0) + fees);
  open.set(task_id, spending);
  const [oldest] = open.keys();
  if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
}

export function noteApproval({ open }: Thrift, task_id: string, by: { identity_id: string; quality: number; at: string }): void {
  const spending = open.get(task_id);
  if (spending) spending.approved = { identity_id: by.identity_id, quality: by.quality, day: utcDay(by.at) };
}
