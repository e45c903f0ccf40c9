import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import {
  Amount,
  Ballot,
  type Context,
  type Decision,
  Id,
  IdentityId,
  poor,
  RESIDENT,
  Reason,
  Standing,
  subjectOn,
  Text,
  VOTERS,
  type WorldOf,
} from '../kit/index.ts';
import { type PeopleSlice, relate } from '../people/people.ts';
import { verdictOf } from './guilds.ts';
import { type GuildSlice, guildOf, type MemberVote, treasuryOf } from './state.ts';

type Sees = TreasurySlice & GuildSlice & PeopleSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

/** A wish to spend from a guild's treasury. The members decide as they do about newcomers. */
export interface Spending {
  readonly spend_id: string;
  readonly guild_id: string;
  readonly amount: number;
  readonly purpose: string;
  readonly to_id: string;
  readonly proposed_by: string;
  status: 'pending' | 'accepted' | 'rejected';
  readonly votes: MemberVote[];
}

export interface TreasurySlice {
  readonly treasuries: Map<string, Spending>;
}

const Spend = z.strictObject({ guild_id: Id, amount: Amount, purpose: Text(1_000, 3), identity_id: IdentityId.optional() });
const Vote = z.strictObject({ spend_id: Id, vote: Ballot, reason: Reason });
const Cast = z.object({ spend_id: Id, voter_id: IdentityId, vote: Ballot, reason: z.string() });
const Voted = Cast.extend({ decision: z.enum(['accepted', 'rejected']).optional() });
const Proposed = Voted.extend({ guild_id: Id, amount: Amount, purpose: z.string(), to_id: IdentityId });

const Stands = z.object({ spend_id: Id, status: Standing });

function decideSpend(world: World, args: z.infer<typeof Spend>, context: Context): Decision<typeof Stands> {
  const guild = guildOf(world.society, context.actor);
  if (!guild || guild.id !== args.guild_id) return refuse('not_a_member', 'Only members propose what their guild spends');
  const to_id = args.identity_id ?? context.actor;
  if (!world.identities.has(to_id)) return refuse('identity_not_found', `No resident has the id ${to_id}`);
  const same = [...world.society.treasuries.values()].find(
    (wish) =>
      wish.status === 'pending' && wish.guild_id === guild.id && wish.amount === args.amount && wish.purpose === args.purpose,
  );
  if (same) return decideVote(world, { spend_id: same.spend_id, vote: 'accept', reason: args.purpose }, context);
  const held = new Postings(world.tokens).balance(treasuryOf(guild.id));
  if (held < args.amount) return poor(held, args.amount);
  const spend_id = idFrom('spend', context.key);
  const wish: Spending = {
    spend_id,
    guild_id: guild.id,
    amount: args.amount,
    purpose: args.purpose,
    to_id,
    proposed_by: context.actor,
    status: 'pending',
    votes: [],
  };
  return voteOn(world, wish, { vote: 'accept', reason: args.purpose }, context, true);
}

function decideVote(world: World, { spend_id, vote, reason }: z.infer<typeof Vote>, context: Context): Decision<typeof Stands> {
  const wish = world.society.treasuries.get(spend_id);
  if (!wish) return refuse('spending_not_found', `There is no wish ${spend_id}`);
  if (wish.status !== 'pending') return refuse('already_resolved', 'This was decided');
  if (context.kind !== 'person' && guildOf(world.society, context.actor)?.id !== wish.guild_id)
    return refuse('not_a_member', 'Only members of the guild vote');
  if (wish.votes.some(({ voter_id }) => voter_id === context.actor)) return refuse('already_voted', 'Your vote stands');
  return voteOn(world, wish, { vote, reason }, context, false);
}

function voteOn(
  world: World,
  wish: Spending,
  ballot: { vote: 'accept' | 'reject'; reason: string },
  { actor }: Context,
  isNew: boolean,
): Decision<typeof Stands> {
  const guild = world.society.guilds.guilds.get(wish.guild_id);
  const decision = verdictOf([...wish.votes.map(({ vote }) => vote), ballot.vote], guild?.members.length ?? 1);
  const booking = new Postings(world.tokens);
  const account = treasuryOf(wish.guild_id);
  if (decision === 'accepted') {
    const held = booking.balance(account);
    if (held < wish.amount) return poor(held, wish.amount);
    booking.credit(account, wish.to_id, wish.amount);
  }
  const { spend_id, guild_id, amount, purpose, to_id } = wish;
  const body = { spend_id, voter_id: actor, ...ballot, ...(decision && { decision }) };
  const data = isNew ? { ...body, guild_id, amount, purpose, to_id } : body;
  const kind = isNew ? 'treasury_proposed' : 'treasury_voted';
  const event = { kind, memo: `${guild_id}: ${purpose}`, data, subjects: [`guild:${guild_id}`, `spend:${spend_id}`], booking };
  return { ok: true, event, answer: { spend_id, status: decision ?? 'pending' } };
}

const acts = {
  spend_treasury: action(RESIDENT, Spend, Stands, decideSpend),
  vote_treasury: action(VOTERS, Vote, Stands, decideVote),
  contribute_treasury: action(
    RESIDENT,
    z.strictObject({ amount: Amount }),
    z.object({ guild_id: Id, amount: z.int() }),
    (world, { amount }, { actor }) => {
      const guild = guildOf(world.society, actor);
      if (!guild) return refuse('not_in_a_guild', 'You are in no guild');
      const booking = new Postings(world.tokens);
      const held = booking.balance(walletAccount(actor, 'free'));
      if (held < amount) return poor(held, amount);
      booking.move(walletAccount(actor, 'free'), treasuryOf(guild.id), amount);
      const event = {
        kind: 'treasury_filled',
        memo: `to ${guild.name}`,
        data: { guild_id: guild.id },
        subjects: [memberOfSubject(actor)],
        booking,
      };
      return { ok: true, event, answer: { guild_id: guild.id, amount } };
    },
  ),
};

const memberOfSubject = (id: string): string => `member:${id}`;

const events = {
  treasury_proposed: on(Proposed, ({ treasuries }, { voter_id, vote, reason, decision, ...wish }, { timestamp }) => {
    const votes = [{ voter_id, vote, reason, timestamp }];
    treasuries.set(wish.spend_id, { ...wish, proposed_by: voter_id, status: decision ?? 'pending', votes });
  }),
  treasury_voted: on(Voted, (society, { spend_id, decision, ...ballot }, { timestamp }) => {
    const wish = society.treasuries.get(spend_id);
    if (!wish) return;
    wish.votes.push({ ...ballot, timestamp });
    if (decision) wish.status = decision;
    relate(society, ballot.voter_id, wish.proposed_by);
  }),
};

export const TREASURIES = subject({ name: 'treasuries', empty: (): TreasurySlice => ({ treasuries: new Map() }), acts, events });
