import { walletAccount } from '../../domain/economy/accounts.ts';
import { JOURNAL_CAP_TOKENS } from '../../domain/economy/rules.ts';
import { freeCapOf } from '../../domain/economy/views.ts';
import { isSealed } from '../../domain/social/bounties.ts';
import { guildOf, treasuryOf } from '../../domain/social/guilds.ts';
import { findHat, MEDIATOR_HAT } from '../../domain/social/hats.ts';
import { isAsked } from '../../domain/social/journals.ts';
import type { World } from '../../domain/social/kit.ts';
import { readPerson } from '../../domain/social/people.ts';
import { recall } from '../../domain/social/recall.ts';
import { mayRead, PUBLIC_ROOMS } from '../../domain/social/rooms.ts';
import { type WakeUp, type WakeUpText, wakeUpText } from '../../domain/social/wake-up.ts';
import type { StoreParts } from './society.ts';

const MEMORIES = 8;
const LINES_PER_ROOM = 4;
const BOUNTIES = 5;
const BALLOTS = 4;

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
  const letters = (society.mail.letters.get(identity_id) ?? []).filter(({ read }) => !read).slice(-BALLOTS);
  const recalled = recall(society.memories.get(identity_id) ?? [], about, person.days, MEMORIES);
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
    to_decide: ballotsFor(world, identity_id),
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

function ballotsFor(world: World, identity_id: string): readonly string[] {
  const { society, identities } = world;
  const journals = [...society.journals.entries.values()]
    .filter(
      (journal) =>
        journal.status === 'pending' && isAsked(journal, identity_id) && !journal.votes.some((v) => v.voter_id === identity_id),
    )
    .map(({ id, word_count }) => `journal ${id} (${word_count} words): vote_journal`);
  const guild = guildOf(society, identity_id);
  const requests = [...society.guilds.requests.values()]
    .filter(
      ({ status, guild_id, votes }) =>
        status === 'pending' && guild_id === guild?.id && !votes.some((v) => v.voter_id === identity_id),
    )
    .map(
      ({ request_id, applicant_id }) =>
        `${identities.get(applicant_id)?.name ?? applicant_id} asks to join (${request_id}): vote_guild`,
    );
  const asked = [...mediations(society, identity_id), ...requests, ...spendings(society, identity_id, guild?.id)];
  return [...asked, ...invitations(world, identity_id), ...journals].slice(0, BALLOTS);
}

function mediations({ disputes }: World['society'], identity_id: string): readonly string[] {
  return [...disputes.values()]
    .filter(({ status, mediator }) => status === 'open' && mediator === identity_id)
    .map(
      ({ dispute_id, target_type, target_id }) =>
        `you mediate ${dispute_id} about ${target_type} ${target_id}: wear_hat ${MEDIATOR_HAT}, then resolve_dispute`,
    );
}

function spendings({ treasuries }: World['society'], identity_id: string, guild_id: string | undefined): readonly string[] {
  return [...treasuries.values()]
    .filter(
      (wish) =>
        wish.status === 'pending' && wish.guild_id === guild_id && !wish.votes.some(({ voter_id }) => voter_id === identity_id),
    )
    .map(({ spend_id, amount }) => `your guild may spend ${amount} tokens (${spend_id}): vote_treasury`);
}

function invitations({ society, identities }: World, identity_id: string): readonly string[] {
  return [...society.invites.values()]
    .filter(({ to_id, status }) => to_id === identity_id && status === 'pending')
    .map(({ id, from_id, activity, location }) => {
      const name = identities.get(from_id)?.name ?? from_id;
      return `${name} invites you to ${activity} (${location}, ${id}): answer_invite`;
    });
}

async function roomLines({ logs, world }: StoreParts, identity_id: string): Promise<WakeUp['room_lines']> {
  const direct = logs
    .names('discussions')
    .filter((name) => name.startsWith('dm__') && mayRead(name, identity_id, world.identities.keys()));
  const rooms = await Promise.all(
    [...direct, ...PUBLIC_ROOMS].map(async (room) => {
      const { lines } = await logs.page(`discussions/${room}`, LINES_PER_ROOM);
      return lines.map((line) => ({
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
