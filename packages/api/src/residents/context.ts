import {
  actsAtHand,
  asOwner,
  ballotsFor,
  fence,
  type GateStore,
  type Identity,
  isDrawn,
  type SocietyStore,
  type TaintSource,
} from '@vivarium/core';

/** Lines of each room that may have been read. The wake-up text shows fewer. */
const ROOM_LINES = 12;
/** One to judge is enough for one task. */
const EXCERPTS = 1;
const BALLOT_CHARS = 280;
/** Tokens of the wake-up text: little where nothing waits, so that a plain task's call stays small. Free time sees all. */
const QUIET_TOKENS = 310;
const BUSY_TOKENS = 590;
const FREE_TIME_TOKENS = 1_000;
/** What an excerpt and its fence take of it. */
const EXCERPT_TOKENS = 110;
const NOTE = [
  'You may act by calling the tools you have; a refusal says why and costs nothing.',
  'What others see of it appears once the task is approved. When you are done, answer with the finished work itself.',
].join(' ');

export interface Woken {
  /** Who it is and how it may act: the same in each of its calls. */
  readonly who: string;
  /** What day it is, what it has and what waits for it; everything others wrote stands between fences. */
  readonly today: string;
  /** What an act may not rest on alone; nothing for who cannot act. */
  readonly sources: readonly TaintSource[];
  /** Ids of the unread letters that are shown. */
  readonly letters: readonly string[];
  /** Ids of the memories that are shown because they have to do with the task. */
  readonly memories: readonly string[];
  /** Acts that have an occasion, the most pressing first. */
  readonly at_hand: readonly string[];
}

interface Waking {
  readonly identity_id: string;
  readonly about: string;
  readonly acts: boolean;
  readonly free_time: boolean;
  /** It has hands-on work: what waits in the society can wait a little longer. */
  readonly at_work: boolean;
}

/** What a resident knows when it starts on a task. */
export async function wakeUpContext(
  { society, gates }: { society: SocietyStore; gates: GateStore },
  { identity_id, about, acts, free_time, at_work }: Waking,
): Promise<Woken> {
  await society.refresh();
  const rooms = acts ? await roomsOf(society, identity_id) : [];
  const ballots = acts && !at_work ? await ballotExcerpts(society, gates, identity_id) : [];
  const journals = acts && !at_work ? (await excerptsFor(society, identity_id)).slice(0, EXCERPTS - ballots.length) : [];
  const excerpts = [...journals, ...ballots];
  const waiting = [...(ballots.length > 0 ? ['vote_gate'] : []), ...actsAtHand(society.world, identity_id)];
  const at_hand = acts ? [...waiting, ...(awaitsReply(rooms, identity_id) ? ['direct_message'] : [])] : [];
  const budget = free_time ? FREE_TIME_TOKENS : at_hand.length > 0 && !at_work ? BUSY_TOKENS : QUIET_TOKENS;
  const woken = await society.wakeUp(identity_id, about, budget - excerpts.length * EXCERPT_TOKENS);
  const { text = '', who = '', memories = [], letters = [] } = woken ?? {};
  const today = [
    text.slice(who.length).trim(),
    ...toVote('journals', 'From journals that wait for your vote:', journals),
    ...toVote('changes', 'Changes to code that wait for your vote (vote_gate):', ballots),
  ];
  return {
    who: [...(acts && !at_work ? [NOTE] : []), who].filter(Boolean).join('\n\n'),
    today: today.filter(Boolean).join('\n\n'),
    sources: acts ? [...othersWords(society, identity_id, rooms), ...excerpts.map(({ origin, text }) => ({ origin, text }))] : [],
    letters,
    memories,
    at_hand,
  };
}

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
    if (excerpts.length === EXCERPTS) break;
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
function othersWords(society: SocietyStore, identity_id: string, rooms: readonly Room[]): TaintSource[] {
  const { world } = society;
  const own = world.identities.get(identity_id);
  const others = [...world.identities.values()].filter(({ id }) => id !== identity_id);
  const guilds = [...world.society.guilds.guilds.values()].filter(({ founder }) => founder !== identity_id);
  const requests = [...world.society.guilds.requests.values()].filter(({ applicant_id }) => applicant_id !== identity_id);
  const bounties = [...world.society.bounties.values()].filter(({ created_by }) => created_by !== identity_id);
  const hats = [...world.society.hats.values()].filter(
    ({ made_by = asOwner.id }) => made_by !== asOwner.id && made_by !== identity_id,
  );
  const disputes = [...world.society.disputes.values()].filter(({ requester_id }) => requester_id !== identity_id);
  return [
    ...spoken(rooms, identity_id),
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

interface Room {
  readonly room: string;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

async function roomsOf(society: SocietyStore, identity_id: string): Promise<readonly Room[]> {
  const rooms = await society.rooms(identity_id);
  return Promise.all(
    rooms.map(async ({ room, message_count }) => ({
      room,
      lines: message_count === 0 ? [] : ((await society.room(room, identity_id, { limit: ROOM_LINES }))?.lines ?? []),
    })),
  );
}

/** In a room of two, the other one spoke last. */
const awaitsReply = (rooms: readonly Room[], identity_id: string): boolean =>
  rooms.some(({ room, lines }) => {
    const author = lines.at(-1)?.['author_id'];
    return room.startsWith('dm__') && author !== undefined && author !== identity_id;
  });

function spoken(rooms: readonly Room[], identity_id: string): TaintSource[] {
  const byAuthor = new Map<string, string[]>();
  for (const line of rooms.flatMap(({ lines }) => lines)) {
    const author = String(line['author_id'] ?? '');
    // What the runtime itself says names ids that others act on; the reason it quotes stands among the disputes.
    if (author === identity_id || (author === 'SYSTEM' && line['type'] === 'system')) continue;
    const said = byAuthor.get(author) ?? [];
    byAuthor.set(author, said);
    said.push(`${String(line['author_name'] ?? '')}.`, `${String(line['content'] ?? '')}.`);
  }
  return [...byAuthor].map(([author, said]) => ({ origin: `rooms (${author || 'unknown'})`, text: said.join('\n') }));
}

/** By identity, for each waking looks at everybody; whoever changes is another object. */
const WORDS = new WeakMap<Identity, string>();

function wordsOf(identity: Identity): string {
  const known = WORDS.get(identity);
  if (known !== undefined) return known;
  const { name, summary, attributes } = identity;
  const words = [name, summary, ...textsIn(attributes)].join('.\n');
  WORDS.set(identity, words);
  return words;
}

/** Every text in a value, however deep it lies. */
export function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  return Object.values(value).flatMap((item) => textsIn(item, depth + 1));
}
