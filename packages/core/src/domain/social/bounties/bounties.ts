import { z } from 'zod';
import type { ActorKind } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import { type GuildSlice, guildOf, memberSubject } from '../guilds/guilds.ts';
import { hoursLater } from '../kit/calendar.ts';
import {
  Amount,
  ANYONE,
  type Context,
  type Decision,
  Id,
  IdentityId,
  KEEPERS,
  RESIDENT,
  subjectOn,
  Text,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { nameOf } from '../people/names.ts';
import { BOUNTY_MINT, escrowOf, payIn, returnEscrow } from './escrow.ts';
import { SlotPolicy } from './slots.ts';
import {
  type BountySlice,
  bidFirst,
  bountySubject,
  closed,
  emptyBounties,
  isClosed,
  isSealed,
  notFound,
  type Submission,
} from './state.ts';

type Sees = BountySlice & GuildSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>({ mints: { bounty_created: BOUNTY_MINT, bounty_topped_up: BOUNTY_MINT } });

const Slots = z.int('give a whole number').min(1, 'at least one slot').max(100, 'at most 100 slots');
const Count = z.int('give a whole number').nonnegative('must not be negative').max(1_000_000_000).default(0);
const Create = z.strictObject({
  title: Text(200),
  description: Text(4_000, 0).default(''),
  reward: Amount.default(NUMBERS.bounty_default_reward),
  slots: Slots.optional(),
  max_teams: Slots.optional(),
  game_mode: z.enum(['pvp', 'coop', 'hybrid']).default('hybrid'),
  slot_policy: SlotPolicy.prefault({}),
  bid_hours: z
    .number('must be a number of hours')
    .positive('must be more than 0 hours')
    .max(720, 'at most 720 hours')
    .optional()
    .describe('Take sealed bids so long, then open them together: the lowest price has it'),
});
const Created = z.object({
  id: Id,
  title: z.string(),
  description: z.string(),
  reward: Amount,
  slots: Slots,
  game_mode: z.string(),
  slot_policy: SlotPolicy,
  created_by: Id,
  bids_until: z.string().optional(),
});
const ClaimShape = z.object({ type: z.enum(['individual', 'guild']), id: Id, claimed_by_identity: IdentityId });
const Claimed = z.object({ bounty_id: Id, claim: ClaimShape.optional() });
const Cost = z.strictObject({
  bounty_id: Id,
  api_cost: z.number().nonnegative('must not be negative').max(1_000_000).default(0),
  session_increment: Count,
  tokens_spent: Count,
  artifact: Text(400).optional(),
});

const OfBounty = z.object({ bounty_id: Id });
const Offered = OfBounty.extend({ bids_until: z.string().optional() });
const ClaimedBy = OfBounty.extend({ claimed_by: ClaimShape.extend({ name: z.string() }) });
const PaidIn = OfBounty.extend({ amount: z.int(), in_escrow: z.int() });
const Returned = OfBounty.extend({ returned: z.int() });

function decideCreate(world: World, args: z.infer<typeof Create>, { actor, key, now }: Context): Decision<typeof Offered> {
  const { slots, max_teams, bid_hours, ...rest } = args;
  const id = idFrom('bounty', key);
  const booking = new Postings(world.tokens);
  const unpaid = payIn(booking, actor, id, rest.reward);
  if (unpaid) return unpaid;
  const sealed = bid_hours === undefined ? {} : { bids_until: hoursLater(now, bid_hours) };
  const data = { id, ...rest, ...sealed, slots: slots ?? max_teams ?? 1, created_by: actor };
  const event = { kind: 'bounty_created', memo: `bounty ${id}: reward in escrow`, data, subjects: [bountySubject(id)], booking };
  return { ok: true, event, answer: { bounty_id: id, ...sealed } };
}

function decideClaim(
  world: World,
  { bounty_id, as_guild }: { bounty_id: string; as_guild?: boolean | string | undefined },
  { actor }: Context,
): Decision<typeof ClaimedBy> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  if (bounty.status !== 'open') return refuse('bounty_not_open', `It is ${bounty.status}; submissions may still be taken`);
  if (isSealed(world.society, bounty)) return bidFirst(bounty);
  if (bounty.created_by === actor) return refuse('own_bounty', 'Others earn what you offer');
  const guild = as_guild ? guildOf(world.society, actor) : undefined;
  if (as_guild && (!guild || (typeof as_guild === 'string' && as_guild !== guild.id)))
    return refuse('not_a_member', 'Claim for the guild you are in');
  const claim = { type: guild ? 'guild' : 'individual', id: guild?.id ?? actor, claimed_by_identity: actor } as const;
  const subjects = [bountySubject(bounty_id), memberSubject(actor)];
  const event = { kind: 'bounty_claimed', memo: `claims bounty ${bounty_id}`, data: { bounty_id, claim }, subjects };
  return { ok: true, event, answer: { bounty_id, claimed_by: { ...claim, name: guild?.name ?? nameOf(world, actor) } } };
}

function decideUnclaim(world: World, bounty_id: string, { actor }: Context): Decision<typeof OfBounty> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  const claim = bounty.claimed_by;
  const mine = claim?.type === 'guild' ? guildOf(world.society, actor)?.id === claim.id : claim?.id === actor;
  if (bounty.status !== 'claimed' || !mine) return refuse('not_claimed_by_you', 'Only who claimed it can give it back');
  if (bounty.submissions.length > 0) return refuse('has_submissions', 'Work was handed in; the person decides now');
  const event = {
    kind: 'bounty_claimed',
    memo: `gives bounty ${bounty_id} back`,
    data: { bounty_id },
    subjects: [bountySubject(bounty_id)],
  };
  return { ok: true, event, answer: { bounty_id } };
}

function decideTopUp(
  world: World,
  { bounty_id, amount }: z.infer<typeof TopUpArgs>,
  { actor }: Context,
): Decision<typeof PaidIn> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  if (isClosed(bounty)) return closed(bounty);
  const booking = new Postings(world.tokens);
  const unpaid = payIn(booking, actor, bounty_id, amount);
  if (unpaid) return unpaid;
  const data = { bounty_id, payer: actor, amount };
  const memo = `bounty ${bounty_id} topped up: into escrow`;
  const event = { kind: 'bounty_topped_up', memo, data, subjects: [bountySubject(bounty_id)], booking };
  return { ok: true, event, answer: { bounty_id, amount, in_escrow: booking.balance(escrowOf(bounty_id)) } };
}

function decideCancel(world: World, bounty_id: string, { actor, kind }: Context): Decision<typeof Returned> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  if (isClosed(bounty)) return closed(bounty);
  if (kind === 'resident' && bounty.created_by !== actor)
    return refuse('not_yours', 'Only who offered it or the person may cancel it');
  const open = bounty.submissions.find(({ review }) => review?.verdict !== 'rejected');
  if (open) return refuse('has_submissions', judgeFirst(open, kind));
  const booking = new Postings(world.tokens);
  const held = booking.balance(escrowOf(bounty_id));
  returnEscrow(booking, bounty, held);
  const event = {
    kind: 'bounty_cancelled',
    memo: `bounty ${bounty_id} cancelled: escrow returned`,
    data: { bounty_id },
    subjects: [bountySubject(bounty_id)],
    booking,
  };
  return { ok: true, event, answer: { bounty_id, returned: held } };
}

/** What whoever wants to cancel does instead, while somebody's work may still be worth its pay. */
function judgeFirst({ id, bounty_id, identity_name, review }: Submission, kind: ActorKind): string {
  if (review) return `The work of ${identity_name} was accepted; pay for it: complete bounty ${bounty_id}`;
  const what = `${identity_name} handed in work (${id}) that nobody has judged.`;
  if (kind === 'resident') return `${what} Pay for it with complete_bounty, or ask the person to judge it`;
  return `${what} Judge it first: pnpm worker bounty review ${bounty_id} ${id} rejected --evidence "…", or pay for it`;
}

const One = z.strictObject({ bounty_id: Id });
const TopUpArgs = z.strictObject({ bounty_id: Id, amount: Amount });

const ClaimArgs = z.strictObject({ bounty_id: Id, as_guild: z.union([z.boolean(), Id]).optional() });

const acts = {
  create_bounty: action(ANYONE, Create, Offered, decideCreate),
  claim_bounty: action(RESIDENT, ClaimArgs, ClaimedBy, decideClaim),
  unclaim_bounty: action(RESIDENT, One, OfBounty, (world, { bounty_id }, context) => decideUnclaim(world, bounty_id, context)),
  top_up_bounty: action(ANYONE, TopUpArgs, PaidIn, decideTopUp),
  cancel_bounty: action(ANYONE, One, Returned, (world, { bounty_id }, context) => decideCancel(world, bounty_id, context)),
  track_bounty_cost: action(KEEPERS, Cost, OfBounty, (world, args) => {
    if (!world.society.bounties.has(args.bounty_id)) return notFound(args.bounty_id);
    const event = { kind: 'bounty_cost_tracked', memo: `cost of bounty ${args.bounty_id}`, data: args, subjects: [] };
    return { ok: true, event, answer: { bounty_id: args.bounty_id } };
  }),
};

const events = {
  bounty_created: on(Created, ({ bounties }, data, { timestamp }) => {
    const costs = { api_cost: 0, sessions_used: 0, tokens_spent: 0, artifacts_created: [] };
    bounties.set(data.id, {
      ...data,
      created_at: timestamp,
      status: 'open',
      claimed_by: undefined,
      submissions: [],
      distributed: [],
      top_ups: [],
      costs,
    });
  }),
  bounty_claimed: on(Claimed, ({ bounties }, { bounty_id, claim }, { timestamp }) => {
    const bounty = bounties.get(bounty_id);
    if (!bounty) return;
    Object.assign(bounty, { status: claim ? 'claimed' : 'open', claimed_by: claim, claimed_at: claim && timestamp });
    if (claim) bounty.costs.started_at ??= timestamp;
  }),
  bounty_topped_up: on(TopUpArgs.extend({ payer: Id }), ({ bounties }, { bounty_id, payer, amount }) => {
    bounties.get(bounty_id)?.top_ups.push({ payer, amount });
  }),
  bounty_cancelled: on(z.object({ bounty_id: Id }), ({ bounties }, { bounty_id }) => {
    const bounty = bounties.get(bounty_id);
    if (bounty) bounty.status = 'cancelled';
  }),
  bounty_cost_tracked: on(Cost, ({ bounties }, { bounty_id, api_cost, session_increment, tokens_spent, artifact }) => {
    const costs = bounties.get(bounty_id)?.costs;
    if (!costs) return;
    costs.api_cost += api_cost;
    costs.sessions_used += session_increment;
    costs.tokens_spent += tokens_spent;
    if (artifact) costs.artifacts_created.push(artifact);
  }),
};

export const BOUNTIES = subject({ name: 'bounties', empty: emptyBounties, acts, events });
