import {
  ballotsFor,
  fence,
  type GateStore,
  type Identity,
  type SocietyStore,
  type TaintSource,
  WAKE_UP_TOKENS,
} from '@vivarium/core';
import { isDrawn } from './panels.ts';
import type { Occasional } from './tools.ts';

/** Lines of each room that may have been read. The wake-up text shows fewer. */
const ROOM_LINES = 12;
const EXCERPTS = 3;
/** Of them at most so many are ballots of the quality gates, each at most this long. */
const BALLOTS = 1;
const BALLOT_CHARS = 280;
/** What an excerpt, its fence and the note on acting take of the budget, in tokens. */
const EXCERPT_TOKENS = 110;
const NOTE = [
  'You may act by calling the tools; each call is checked, and a refusal says why and costs you nothing.',
  'What others see of it appears once the task is approved. When you are done, answer with the finished work itself.',
].join(' ');
const NOTE_TOKENS = 70;

export interface Woken {
  /** Who it is and what waits for it, within the wake-up budget; everything others wrote stands between fences. */
  readonly text: string;
  readonly sources: readonly TaintSource[];
  readonly letters: readonly string[];
  /** Ids of the memories that are shown because they have to do with the task. */
  readonly memories: readonly string[];
  /** What it can do at this time and not at any other. */
  readonly occasions: readonly Occasional[];
}

/** What a resident knows when it starts on a task. */
export async function wakeUpContext(
  { society, gates }: { society: SocietyStore; gates: GateStore },
  identity_id: string,
  about: string,
  acts: boolean,
): Promise<Woken> {
  await society.refresh();
  const ballots = acts ? await ballotExcerpts(society, gates, identity_id) : [];
  const journals = acts ? (await excerptsFor(society, identity_id)).slice(0, EXCERPTS - ballots.length) : [];
  const excerpts = [...journals, ...ballots];
  const budget = WAKE_UP_TOKENS - (acts ? NOTE_TOKENS : 0) - excerpts.length * EXCERPT_TOKENS;
  const woken = await society.wakeUp(identity_id, about, budget);
  const parts = [
    woken?.text ?? '',
    ...toVote('journals', 'From journals that wait for your vote:', journals),
    ...toVote('changes', 'Changes to code that wait for your vote (vote_gate):', ballots),
    ...(acts ? [NOTE] : []),
  ];
  const letters = society.unreadMail(identity_id);
  const sources = [...(await othersWords(society, identity_id)), ...excerpts.map(({ origin, text }) => ({ origin, text }))];
  return {
    text: parts.filter(Boolean).join('\n\n'),
    sources,
    letters: letters.map(({ id }) => id),
    memories: woken?.memories ?? [],
    occasions: [...(ballots.length > 0 ? (['vote_gate'] as const) : []), ...(takesBids(society) ? (['place_bid'] as const) : [])],
  };
}

const takesBids = (society: SocietyStore): boolean =>
  society.bounties().some(({ status, bidding }) => status === 'open' && bidding !== undefined && bidding.opened_at === undefined);

interface Excerpt {
  readonly id: string;
  readonly origin: string;
  readonly text: string;
}

function toVote(name: string, heading: string, excerpts: readonly Excerpt[]): string[] {
  const shown = excerpts.map(({ id, text }) => `${id}: ${text}`).join('\n');
  return shown === '' ? [] : [`${heading}\n${fence(name, shown, shown.length)}`];
}

/** Open ballots of the quality gates for which a resident was drawn, without a word of whose work it is. */
async function ballotExcerpts(society: SocietyStore, gates: GateStore, identity_id: string): Promise<Excerpt[]> {
  const excerpts: Excerpt[] = [];
  for (const { ballot_id, about, title, excerpt } of ballotsFor(gates.state, identity_id)) {
    if (excerpts.length === BALLOTS) break;
    if (!(await isDrawn(society, gates, ballot_id, identity_id))) continue;
    const text = `${about === 'test' ? 'test of' : 'change'} "${title.slice(0, 100)}": ${excerpt}`;
    excerpts.push({ id: ballot_id, origin: 'change', text: text.replace(/\s+/g, ' ').slice(0, BALLOT_CHARS) });
  }
  return excerpts;
}

async function excerptsFor(society: SocietyStore, identity_id: string): Promise<Excerpt[]> {
  const journals = await society.journals(identity_id, { limit: 20 });
  return journals
    .filter((one) => one['status'] === 'pending' && one['asked'] === true && one['voted'] === false)
    .slice(0, EXCERPTS)
    .map((one) => ({ origin: 'journal', id: String(one['journal_id']), text: String(one['review_excerpt'] ?? '') }));
}

/** Everything that others wrote and a resident can meet in its context. What one author wrote in several places is one source. */
async function othersWords(society: SocietyStore, identity_id: string): Promise<TaintSource[]> {
  const { world } = society;
  const own = world.identities.get(identity_id);
  const others = [...world.identities.values()].filter(({ id }) => id !== identity_id);
  const guilds = [...world.society.guilds.guilds.values()].filter(({ founder }) => founder !== identity_id);
  const requests = [...world.society.guilds.requests.values()].filter(({ applicant_id }) => applicant_id !== identity_id);
  const bounties = [...world.society.bounties.values()].filter(({ created_by }) => created_by !== identity_id);
  const hats = [...world.society.hats.values()].filter(({ made_by = 'human' }) => made_by !== 'human' && made_by !== identity_id);
  const disputes = [...world.society.disputes.values()].filter(({ requester_id }) => requester_id !== identity_id);
  return [
    ...(await spoken(society, identity_id)),
    ...society.unreadMail(identity_id).map(({ content }) => ({ origin: 'mail', text: content })),
    ...others.map((other) => ({ origin: `profile of ${other.id}`, text: wordsOf(other) })),
    ...(own ? [{ origin: 'your profile', text: wordsOf(own), weak: true }] : []),
    ...guilds.map(({ name }) => ({ origin: 'guild', text: name })),
    ...requests.map(({ message }) => ({ origin: 'request to join', text: message })),
    ...bounties.map(({ title, description }) => ({ origin: 'bounty', text: `${title}.\n${description}` })),
    ...hats.map(({ name, description, prompt }) => ({ origin: 'hat', text: `${name}.\n${description}\n${prompt}` })),
    ...disputes.map(({ reason }) => ({ origin: 'dispute', text: reason })),
  ];
}

async function spoken(society: SocietyStore, identity_id: string): Promise<TaintSource[]> {
  const byAuthor = new Map<string, string[]>();
  for (const { room } of await society.rooms(identity_id)) {
    const page = await society.room(room, identity_id, { limit: ROOM_LINES });
    for (const line of page?.lines ?? []) {
      const author = String(line['author_id'] ?? '');
      // What the runtime itself says names ids that others act on; the reason it quotes stands among the disputes.
      if (author === identity_id || (author === 'SYSTEM' && line['type'] === 'system')) continue;
      const said = byAuthor.get(author) ?? [];
      byAuthor.set(author, said);
      said.push(`${String(line['author_name'] ?? '')}.`, `${String(line['content'] ?? '')}.`);
    }
  }
  return [...byAuthor].map(([author, said]) => ({ origin: `rooms (${author || 'unknown'})`, text: said.join('\n') }));
}

function wordsOf({ name, summary, attributes }: Identity): string {
  return [name, summary, ...textsIn(attributes)].join('.\n');
}

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  return Object.values(value).flatMap((item) => textsIn(item, depth + 1));
}
