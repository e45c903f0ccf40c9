import { walletAccount } from '../../domain/economy/accounts.ts';
import { JOURNAL_CAP_TOKENS } from '../../domain/economy/rules.ts';
import { freeCapOf } from '../../domain/economy/views.ts';
import {
  findHat,
  guildOf,
  isSealed,
  mayRead,
  PUBLIC_ROOMS,
  readPerson,
  recallOneOfAKind,
  toDecide,
  treasuryOf,
  type WakeUp,
  type WakeUpText,
  type SocietyState as World,
  wakeUpText,
} from '../../domain/social/index.ts';
import type { StoreParts } from './society.ts';

const LINES_PER_ROOM = 4;
const BOUNTIES = 5;
const BALLOTS = 4;
/** The oldest first: what finds no room waits for the next time. */
const LETTERS = 4;

/**
 * Gather what a resident wakes to, from what stands at this moment. Its `memories` are those that have to do with the
 * subject. Undefined when nobody has this id.
 */
export async function wakeUpOf(
  store: StoreParts,
  identity_id: string,
  about: string,
  budget_tokens?: number,
): Promise<WakeUpText | undefined> {
  const { world } = store;
  const identity = world.identities.get(identity_id);
  if (!identity) return undefined;
  const person = readPerson(world.society, identity_id);
  const { tokens, society } = world;
  const balance = (pool: 'free' | 'journal') => tokens.balances.get(walletAccount(identity_id, pool)) ?? 0;
  const caps = { free_cap: freeCapOf(tokens, identity_id), journal_cap: JOURNAL_CAP_TOKENS };
  const letters = (society.mail.letters.get(identity_id) ?? []).filter(({ read }) => !read).slice(0, LETTERS);
  const recalled = recallOneOfAKind(society.memories.get(identity_id) ?? [], about, person.days);
  const fitting = new Set(recalled.flatMap(({ memory, fits }) => (fits ? [memory.id] : [])));
  const input: WakeUp = {
    identity,
    person,
    hat: person.hat === undefined ? undefined : findHat(society.hats, person.hat),
    wallet: { free: balance('free'), journal: balance('journal'), ...caps },
    memories: recalled.map(({ memory }) => memory),
    letters,
    room_lines: await roomLines(store, identity_id),
    bounties: openBounties(world),
    guild: guildFacts(world, identity_id),
    to_decide: toDecide(world, identity_id)
      .slice(0, BALLOTS)
      .map(({ line }) => line),
  };
  const text = wakeUpText(input, budget_tokens);
  return { ...text, memories: text.memories.filter((id) => fitting.has(id)) };
}

function guildFacts(world: World, identity_id: string): WakeUp['guild'] {
  const guild = guildOf(world.society, identity_id);
  if (!guild) return undefined;
  const members = guild.members.map((id) => world.identities.get(id)?.name ?? id);
  return { id: guild.id, name: guild.name, members, treasury: world.tokens.balances.get(treasuryOf(guild.id)) ?? 0 };
}

function openBounties({ society }: World): WakeUp['bounties'] {
  return [...society.bounties.values()]
    .filter(({ status }) => status === 'open')
    .slice(-BOUNTIES)
    .map(({ id, title, reward, slots, submissions, bids_until }) => ({
      id,
      title,
      reward,
      bids_until: isSealed(society, { id, bids_until }) ? bids_until : undefined,
      open_slots: Math.max(0, slots - submissions.length),
    }));
}

async function roomLines({ logs, world }: StoreParts, identity_id: string): Promise<WakeUp['room_lines']> {
  const begun = await logs.names('discussions');
  const direct = begun.filter((name) => name.startsWith('dm__') && mayRead(name, identity_id, world.identities.keys()));
  const rooms = await Promise.all(
    [...direct, ...PUBLIC_ROOMS.filter((name) => begun.includes(name))].map(async (room) => {
      const { lines } = await logs.page(`discussions/${room}`, LINES_PER_ROOM);
      return lines.filter(isTalk).map((line) => ({
        at: line.timestamp,
        room,
        author: text(line['author_name']),
        content: text(line['content']),
        own: line['author_id'] === identity_id,
      }));
    }),
  );
  return rooms.flat().sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** News of approved tasks quote what others were asked and answered; they are for whoever looks into the room. */
const isTalk = (line: Readonly<Record<string, unknown>>): boolean => line['task_id'] === undefined;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
