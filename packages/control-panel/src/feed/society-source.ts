import { about } from '../files/rooms.ts';
import type { SocietyChange, SocietyTopic } from '../protocol/feed.ts';
import { namesIn } from '../world/names.ts';
import type { World } from '../world/world.ts';
import { coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';
import { followRooms } from './room-source.ts';

const GAP_MS = 250;
const LOOK_MS = 2000;

/** Carry what residents and the person do together into the feed, whichever process wrote it. Returns the way to stop. */
export async function societySource(world: World, feed: Feed): Promise<() => void> {
  const publish = (topic: SocietyTopic, id: string | undefined, text: string) =>
    feed.publish({ kind: 'society', topic, ...(id === undefined ? {} : { id }), text: cut(text) });
  let before = stateOf(world);
  const looking = coalesce(GAP_MS, () => {
    const look = async () => {
      await world.society.refresh();
      const now = stateOf(world);
      for (const change of changesBetween(before, now)) publish(change.topic, change.id, change.text);
      before = now;
    };
    look().catch((error: unknown) => world.log.error({ err: error }, 'A look at the society failed'));
  });
  const stops = [
    world.society.follow(looking.ask),
    world.acts.on(looking.ask),
    await followRooms(world.paths.swarm, ({ room, author, content }) =>
      publish('rooms', room, `${author} in ${about(room).name}: ${content}`),
    ),
  ];
  const timer = setInterval(looking.ask, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    looking.stop();
    for (const stop of stops) stop();
  };
}

/** What is told of each thing, by topic and id; a thing whose mark changed is news. */
type Marks = ReadonlyMap<
  string,
  { readonly topic: SocietyTopic; readonly id: string; readonly mark: string; readonly text: string }
>;

function stateOf(world: World): Marks {
  const { society, tokens, identities } = world.society.world;
  const nameOf = namesIn(world);
  const marks = new Map<string, { topic: SocietyTopic; id: string; mark: string; text: string }>();
  const put = (topic: SocietyTopic, id: string, mark: string, text: string) =>
    marks.set(`${topic}/${id}`, { topic, id, mark, text });
  for (const { id, title, status, submissions } of society.bounties.values())
    put(
      'bounties',
      id,
      `${status} ${submissions.length} ${submissions.filter(({ review }) => review).length} ${biddingMark(society.auctions.get(id))}`,
      `Bounty “${title}” is ${status}`,
    );
  for (const [id, { from_id, content, answer }] of society.mail.sent)
    put(
      'mail',
      id,
      answer?.responded_at ?? 'open',
      `${answer ? 'You answered' : 'Mail from'} ${nameOf(from_id)}: ${answer?.response ?? content}`,
    );
  for (const [id, letters] of society.mail.letters)
    put('mail', `to:${id}`, `${letters.length} ${letters.filter(({ read }) => read).length}`, `Messages to ${nameOf(id)}`);
  for (const { id, name, members } of society.guilds.guilds.values())
    put('guilds', id, members.join(' '), `Guild ${name} has ${members.length} members`);
  for (const { request_id, status, votes, applicant_id } of society.guilds.requests.values())
    put('guilds', request_id, `${status} ${votes.length}`, `${nameOf(applicant_id)} asks to join a guild: ${status}`);
  for (const { spend_id, status, votes, purpose } of society.treasuries.values())
    put('guilds', spend_id, `${status} ${votes.length}`, `A guild's wish to spend is ${status}: ${purpose}`);
  for (const { id, status, votes } of society.journals.entries.values())
    if (status !== 'private') put('journals', id, `${status} ${votes.length}`, `A journal is ${status}`);
  for (const { dispute_id, status, mediator, reason } of society.disputes.values())
    put('disputes', dispute_id, `${status} ${mediator ?? ''}`, `A dispute is ${status}: ${reason}`);
  for (const [id, { name }] of identities) put('residents', id, markOf(society.people.get(id), name), `${name}`);
  put('library', 'works', String(society.works.size), 'The library has changed');
  put('wallets', 'all', String(tokens.keys.size), 'Tokens moved');
  return marks;
}

const biddingMark = (auction: { bids: readonly unknown[]; opened_at?: string } | undefined): string =>
  auction ? `${auction.bids.length} ${auction.opened_at}` : '';

function markOf(person: ReturnType<World['society']['world']['society']['people']['get']>, name: string): string {
  if (person === undefined) return name;
  const { edits, hat, awake, tasks_completed, tasks_failed } = person;
  return [name, edits.length, hat, awake !== undefined, tasks_completed, tasks_failed].join(' ');
}

function* changesBetween(before: Marks, now: Marks): Generator<Omit<SocietyChange, 'kind' | 'id'> & { readonly id: string }> {
  for (const [key, thing] of now) if (before.get(key)?.mark !== thing.mark) yield thing;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
