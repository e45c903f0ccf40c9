import type { Line } from '../../kit/read-log.ts';
import type { Found } from './found.ts';
import type { Story } from './story.ts';

interface Posting {
  readonly account: string;
  readonly amount: number;
}
interface Entry {
  readonly key: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly postings: readonly Posting[];
}

/** What the door confirmed to whoever acted, as the trader wrote it down. */
export interface Confirmed {
  readonly act: string;
  readonly action: string;
  readonly bounty_id?: string;
}

/**
 * The society's ledger, entry by entry: a key counts once, an entry whose subjects others touched meanwhile or that would
 * overdraw an account does not count. Then: every booking sums to zero, every reward and every bounty was paid once.
 */
export function checkTokens(
  found: Found,
  lines: readonly Line[],
  stories: ReadonlyMap<string, Story>,
  confirmed: readonly Confirmed[],
  wallets: ReadonlyMap<string, number>,
): void {
  const { entries, balances } = countedOf(found, lines);
  found.count('ledger entries', entries.length);
  const sum = [...balances.values()].reduce((total, amount) => total + amount, 0);
  if (sum !== 0) found.broke('nothing is lost', `all accounts together hold ${sum} tokens, not 0`);
  for (const [account, balance] of balances) {
    if (balance < 0 && !account.startsWith('mint:')) found.broke('nothing is done twice', `${account} stands at ${balance}`);
    const id = /^wallet:(.+):free$/.exec(account)?.[1];
    if (id !== undefined && wallets.get(id) !== balance)
      found.broke('nothing is lost', `${account} holds ${balance}; its view says ${wallets.get(id)}`);
  }
  checkRewards(found, entries, stories);
  checkBounties(found, entries, balances);
  const keys = new Set(entries.map(({ key }) => key));
  for (const { act, action, bounty_id } of confirmed)
    if (!keys.has(act) && !(action === 'complete_bounty' && keys.has(`bounty_completed:${bounty_id}`)))
      found.broke('nothing is lost', `${action} was confirmed as ${act} and is not in the ledger`);
}

function countedOf(found: Found, lines: readonly Line[]): { entries: Entry[]; balances: Map<string, number> } {
  const entries = new Map<string, Entry>();
  const balances = new Map<string, number>();
  const touched = new Map<string, number>();
  for (const line of lines) {
    const entry = entryOf(line);
    if (entries.has(entry.key)) continue;
    if (entry.postings.reduce((sum, { amount }) => sum + amount, 0) !== 0) {
      found.broke('nothing is lost', `the booking ${entry.key} does not sum to zero`);
      continue;
    }
    const guards = Object.entries({ ...(line['guards'] as Record<string, number> | undefined) });
    const limits = (line['at_most'] ?? []) as { account: string; balance: number }[];
    const after = (account: string) =>
      (balances.get(account) ?? 0) + (entry.postings.find((posting) => posting.account === account)?.amount ?? 0);
    const stale = guards.some(([subject, times]) => (touched.get(subject) ?? 0) !== times);
    const overdrawn = entry.postings.some(
      ({ account, amount }) => amount < 0 && after(account) < 0 && !account.startsWith('mint:'),
    );
    if (stale || overdrawn || limits.some(({ account, balance }) => after(account) > balance)) {
      found.count('ledger entries that came too late');
      continue;
    }
    entries.set(entry.key, entry);
    for (const { account } of entry.postings) balances.set(account, after(account));
    for (const [subject] of guards) touched.set(subject, (touched.get(subject) ?? 0) + 1);
  }
  return { entries: [...entries.values()], balances };
}

const entryOf = (line: Line): Entry => ({
  key: String(line['key']),
  kind: String(line['kind']),
  data: { ...(line['data'] as object | undefined) },
  postings: Array.isArray(line['postings']) ? (line['postings'] as Posting[]) : [],
});

/** A task earns once, whoever was said to have done it, and only when it was approved. */
function checkRewards(found: Found, entries: readonly Entry[], stories: ReadonlyMap<string, Story>): void {
  const rewards = new Map<string, number>();
  for (const { kind, data } of entries)
    if (kind === 'under_budget_reward') rewards.set(String(data['task_id']), (rewards.get(String(data['task_id'])) ?? 0) + 1);
  found.count('rewards', rewards.size);
  for (const [task, times] of rewards) {
    if (times > 1) found.broke('nothing is done twice', `${task} was rewarded ${times} times`);
    if (stories.get(task)?.standing !== 'approved')
      found.broke('done means verified', `${task} was rewarded and is not approved`);
  }
  for (const { id, approvals } of stories.values())
    if (approvals.some(({ rewarded }) => rewarded) && !rewards.has(id))
      found.broke('nothing is lost', `${id} earned a reward that was never booked`);
}

/** What was put into escrow came out again, once: as pay or back to its owner. */
function checkBounties(found: Found, entries: readonly Entry[], balances: ReadonlyMap<string, number>): void {
  const ends = new Map<string, string[]>();
  for (const { kind, data } of entries) {
    const id = String(data['id'] ?? data['bounty_id']);
    if (kind === 'bounty_created') ends.set(id, []);
    if (kind === 'bounty_completed' || kind === 'bounty_cancelled') ends.get(id)?.push(kind);
  }
  for (const [id, kinds] of ends) {
    found.count(`bounties ${kinds[0]?.slice('bounty_'.length) ?? 'open'}`);
    if (kinds.length > 1) found.broke('nothing is done twice', `bounty ${id} ended ${kinds.length} times`);
    if (kinds.length === 0) found.broke('nothing gets stuck', `bounty ${id} was never paid nor taken back`);
    const escrow = balances.get(`escrow:bounty:${id}`) ?? 0;
    if (kinds.length > 0 && escrow !== 0) found.broke('nothing is lost', `the escrow of bounty ${id} still holds ${escrow}`);
  }
}
