import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Line = Readonly<Record<string, unknown>>;
interface Entry extends Line {
  readonly kind: string;
  readonly actor?: string;
  readonly timestamp: string;
  readonly key: string;
  readonly postings: readonly { readonly account: string; readonly amount: number }[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What the logs alone say about a resident. Shares no code with the product. */
export interface Life {
  readonly story: readonly string[];
  readonly free: number;
  readonly journal: number;
  /** Every account's balance adds up to this: nothing came from nowhere. */
  readonly total: number;
  readonly tasks: readonly string[];
  readonly guild: { readonly id: string; readonly members: readonly string[] } | undefined;
}

/** Rebuild a life from `.swarm/ledger.jsonl` and `execution_log.jsonl`. */
export function lifeFromLogs(root: string, who: string): Life {
  const ledger = linesOf(join(root, '.swarm'), 'ledger') as Entry[];
  const balances = new Map<string, number>();
  const seen = new Set<string>();
  const story: string[] = [];
  const guilds = new Map<string, string[]>();
  const requests = new Map<string, { guild_id: string; applicant_id: string }>();
  for (const entry of ledger) {
    if (seen.has(entry.key)) continue;
    seen.add(entry.key);
    for (const { account, amount } of entry.postings) balances.set(account, (balances.get(account) ?? 0) + amount);
    const data = entry.data ?? {};
    if (entry.kind === 'guild_founded') guilds.set(String(data['guild_id']), [String(data['founder'])]);
    if (entry.kind === 'guild_requested') requests.set(String(data['request_id']), data as never);
    const request = requests.get(String(data['request_id']));
    if (request && data['decision'] === 'accepted') guilds.get(request.guild_id)?.push(request.applicant_id);
    const told = sentence(entry, who);
    if (told) story.push(told);
  }
  const guild = [...guilds].find(([, members]) => members.includes(who));
  return {
    story,
    free: balances.get(`wallet:${who}:free`) ?? 0,
    journal: balances.get(`wallet:${who}:journal`) ?? 0,
    total: [...balances.values()].reduce((sum, n) => sum + n, 0),
    tasks: approvedTasks(root, who),
    guild: guild && { id: guild[0], members: guild[1] },
  };
}

/** One entry as it concerns a resident, in the words of the story; undefined when it does not. */
function sentence({ kind, actor, postings, data = {} }: Entry, who: string): string | undefined {
  const own = actor === who || data['identity_id'] === who || data['author_id'] === who;
  const received = postings.reduce((sum, { account, amount }) => sum + (account.startsWith(`wallet:${who}:`) ? amount : 0), 0);
  if (kind === 'resident_woke' && own) return 'woke';
  if (kind === 'mail_read' && own) return 'read mail';
  if (kind === 'under_budget_reward' && own) return 'was rewarded for a task';
  if (kind === 'journal_written' && own) return `wrote a journal for ${-received}`;
  if (kind === 'journal_voted') return voted(data);
  if (kind === 'guild_founded' && own) return 'founded a guild';
  if (kind === 'guild_voted' && own && data['decision']) return `${String(data['decision'])} a member`;
  if (kind === 'bounty_claimed' && own) return 'claimed a bounty';
  if (kind === 'bounty_submitted' && own) return 'handed in';
  if (kind === 'bounty_completed') return won(data, who);
  if (kind === 'dispute_opened' && own) return 'opened a dispute';
  if (kind === 'dispute_resolved') return `${String(data['mediator'])} mediated: ${String(data['outcome'])}`;
  return undefined;
}

function voted({ voter_id, vote, outcome }: Readonly<Record<string, unknown>>): string {
  const decided = outcome as { accepted: boolean; total: number } | undefined;
  const end = decided ? `, which decided: ${decided.accepted ? `accepted for ${decided.total}` : 'rejected'}` : '';
  return `${String(voter_id)} said ${String(vote)}${end}`;
}

function won({ distributed }: Readonly<Record<string, unknown>>, who: string): string | undefined {
  const share = (distributed as { identity: string; amount: number }[]).find(({ identity }) => identity === who);
  return share && `won a bounty of ${share.amount}`;
}

function approvedTasks(root: string, who: string): string[] {
  const doers = new Map<string, unknown>();
  const approved: string[] = [];
  for (const event of linesOf(root, 'execution_log')) {
    if (event['event'] === 'task_claimed') doers.set(String(event['task_id']), event['identity_id']);
    if (event['status'] === 'approved' && doers.get(String(event['task_id'])) === who) approved.push(String(event['task_id']));
  }
  return approved;
}

function linesOf(folder: string, stem: string): Line[] {
  const names = readdirSync(folder).filter((name) => new RegExp(`^${stem}(\\.\\d+)?\\.jsonl$`).test(name));
  names.sort((a, b) => Number(/\.(\d+)\./.exec(a)?.[1] ?? 0) - Number(/\.(\d+)\./.exec(b)?.[1] ?? 0));
  const lines = names.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => !('segment_sealed' in line));
}
