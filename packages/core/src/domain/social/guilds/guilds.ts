import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import {
  Ballot,
  type Context,
  type Decision,
  Id,
  IdentityId,
  RESIDENT,
  Reason,
  Standing,
  subjectOn,
  Text,
  VOTERS,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { plain } from '../kit/text.ts';
import { type PeopleSlice, relate } from '../people/people.ts';
import { emptyGuilds, type GuildSlice, guildOf, type JoinRequest, memberSubject, treasuryOf } from './state.ts';

type Sees = GuildSlice & PeopleSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const Found = z.strictObject({ name: Text(80) });
const Request = z.strictObject({ guild_id: Id, message: Text(1_000) });
const Vote = z.strictObject({ request_id: Id, vote: Ballot, reason: Reason });
const Decided = z.enum(['accepted', 'rejected']);
const Voted = Vote.extend({
  voter_id: IdentityId,
  decision: Decided.optional(),
  rejection_reason: z.string().optional(),
}).loose();

const OfGuild = z.object({ guild_id: Id });
const OfRequest = z.object({ request_id: Id });
const Stands = OfRequest.extend({ status: Standing });

/** Whether enough members have spoken, and what they said. A guild of one decides by its one member. */
export function verdictOf(votes: readonly ('accept' | 'reject')[], members: number): 'accepted' | 'rejected' | undefined {
  const needed = Math.min(members, NUMBERS.guild_min_votes);
  if (votes.length < Math.max(1, needed)) return undefined;
  const share = votes.filter((vote) => vote === 'accept').length / votes.length;
  return share >= NUMBERS.guild_accept_share ? 'accepted' : 'rejected';
}

function decideRequest(
  world: World,
  { guild_id, message }: z.infer<typeof Request>,
  { actor, key }: Context,
): Decision<typeof OfRequest> {
  const { guilds, memberOf, requests } = world.society.guilds;
  if (memberOf.has(actor)) return refuse('already_on_guild', 'Leave your guild first');
  if (!guilds.has(guild_id)) return refuse('guild_not_found', `There is no guild ${guild_id}`);
  const mine = [...requests.values()].some((r) => r.guild_id === guild_id && r.applicant_id === actor && r.status === 'pending');
  if (mine) return refuse('request_already_pending', 'Its members are still deciding');
  const request_id = idFrom('guild_req', key);
  const data = { request_id, guild_id, applicant_id: actor, message };
  const subjects = [memberSubject(actor), `applications:${actor}`];
  return {
    ok: true,
    event: { kind: 'guild_requested', memo: `asks to join ${guild_id}`, data, subjects },
    answer: { request_id },
  };
}

function decideVote(
  world: World,
  { request_id, vote, reason }: z.infer<typeof Vote>,
  { actor, kind }: Context,
): Decision<typeof Stands> {
  const { guilds, memberOf, requests } = world.society.guilds;
  const request = requests.get(request_id);
  const guild = request && guilds.get(request.guild_id);
  if (!request || !guild) return refuse('request_not_found', `There is no request ${request_id}`);
  if (request.status !== 'pending') return refuse('request_already_resolved', 'This request was decided');
  if (kind !== 'person' && !guild.members.includes(actor)) return refuse('not_a_member', 'Only members of the guild vote');
  if (request.votes.some(({ voter_id }) => voter_id === actor)) return refuse('already_voted', 'Your vote stands');
  const elsewhere = memberOf.has(request.applicant_id);
  const decision = elsewhere
    ? 'rejected'
    : verdictOf([...request.votes.map((ballot) => ballot.vote), vote], guild.members.length);
  const outcome = decision && { decision, ...(elsewhere && { rejection_reason: 'already_on_guild' }) };
  const data = { request_id, vote, reason, voter_id: actor, ...outcome };
  const subjects = [`guild:${guild.id}`, `request:${request_id}`, memberSubject(request.applicant_id)];
  const event = { kind: 'guild_voted', memo: `vote on ${request_id}`, data, subjects };
  return { ok: true, event, answer: { request_id, status: decision ?? 'pending' } };
}

function decideLeave(world: World, { actor }: Context): Decision<typeof OfGuild> {
  const guild = guildOf(world.society, actor);
  if (!guild) return refuse('not_in_a_guild', 'You are in no guild');
  const booking = new Postings(world.tokens);
  const rest = booking.balance(treasuryOf(guild.id));
  if (guild.members.length === 1 && rest > 0) booking.credit(treasuryOf(guild.id), actor, rest);
  const data = { guild_id: guild.id, identity_id: actor };
  const subjects = [`guild:${guild.id}`, memberSubject(actor)];
  return {
    ok: true,
    event: { kind: 'guild_left', memo: `left ${guild.name}`, data, subjects, booking },
    answer: { guild_id: guild.id },
  };
}

const acts = {
  found_guild: action(RESIDENT, Found, OfGuild, (world, { name }, { actor, key }) => {
    const { guilds, memberOf } = world.society.guilds;
    if (memberOf.has(actor)) return refuse('already_on_guild', 'Leave your guild first');
    if (plain(name) === '') return refuse('invalid_name', 'A name needs letters or digits');
    if ([...guilds.values()].some((guild) => plain(guild.name) === plain(name)))
      return refuse('name_taken', 'Another guild has this name');
    const guild_id = idFrom('guild', key);
    const data = { guild_id, name, founder: actor };
    const subjects = ['guild_names', `guild:${guild_id}`, memberSubject(actor)];
    return { ok: true, event: { kind: 'guild_founded', memo: `founded ${name}`, data, subjects }, answer: { guild_id } };
  }),
  request_guild: action(RESIDENT, Request, OfRequest, decideRequest),
  vote_guild: action(VOTERS, Vote, Stands, decideVote),
  leave_guild: action(RESIDENT, z.strictObject({}), OfGuild, (world, _args, context) => decideLeave(world, context)),
};

const events = {
  guild_founded: on(z.object({ guild_id: Id, name: z.string(), founder: IdentityId }), ({ guilds }, data, { timestamp }) => {
    const { guild_id: id, name, founder } = data;
    guilds.guilds.set(id, {
      id,
      name,
      founder,
      members: [founder],
      created_at: timestamp,
      bounties_completed: 0,
      total_earned: 0,
    });
    guilds.memberOf.set(founder, id);
  }),
  guild_requested: on(Request.extend({ request_id: Id, applicant_id: IdentityId }).loose(), ({ guilds }, data, { timestamp }) => {
    const { request_id, guild_id, applicant_id, message } = data;
    guilds.requests.set(request_id, {
      request_id,
      guild_id,
      applicant_id,
      message,
      created_at: timestamp,
      status: 'pending',
      votes: [],
    });
  }),
  guild_voted: on(Voted, (society, { request_id, decision, voter_id, vote, reason, rejection_reason }, { timestamp }) => {
    const request = society.guilds.requests.get(request_id);
    if (!request) return;
    request.votes.push({ voter_id, vote, reason, timestamp });
    relate(society, voter_id, request.applicant_id);
    if (!decision) return;
    Object.assign(request, { status: decision, resolved_at: timestamp, rejection_reason });
    if (decision === 'accepted') admit(society, request);
  }),
  guild_left: on(z.object({ guild_id: Id, identity_id: IdentityId }), (society, { identity_id }) =>
    removeMember(society, identity_id),
  ),
};

function admit({ guilds }: GuildSlice, { guild_id, applicant_id }: JoinRequest): void {
  guilds.guilds.get(guild_id)?.members.push(applicant_id);
  guilds.memberOf.set(applicant_id, guild_id);
}

/** The founder's place goes to whoever has been there longest; a guild without members ends. */
function removeMember(society: GuildSlice, identity_id: string): void {
  const guild = guildOf(society, identity_id);
  society.guilds.memberOf.delete(identity_id);
  if (!guild) return;
  guild.members = guild.members.filter((id) => id !== identity_id);
  const [eldest] = guild.members;
  if (eldest === undefined) society.guilds.guilds.delete(guild.id);
  else if (guild.founder === identity_id) guild.founder = eldest;
}

/** Set a decided request back to voting; whoever had been admitted by it is outside again. */
export function reopenRequest(society: GuildSlice, request_id: string, timestamp: string): void {
  const request = society.guilds.requests.get(request_id);
  if (!request) return;
  const admitted = request.status === 'accepted' && society.guilds.memberOf.get(request.applicant_id) === request.guild_id;
  if (admitted) removeMember(society, request.applicant_id);
  Object.assign(request, {
    status: 'pending',
    votes: [],
    resolved_at: undefined,
    rejection_reason: undefined,
    reopened_at: timestamp,
  });
}

export const GUILDS = subject({ name: 'guilds', empty: emptyGuilds, acts, events });
