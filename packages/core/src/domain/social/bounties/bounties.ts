import { z } from 'zod';
import type { ActorKind } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import { hoursLater } from '../kit/calendar.ts';
import { Amount, ANYONE, type Context, type Decision, Id, KEEPERS, subjectOn, Text, type WorldOf } from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { BOUNTY_MINT, escrowOf, payIn, returnEscrow } from './escrow.ts';
import { SlotPolicy } from './slots.ts';
import {
  type BountySlice,
  bountySubject,
  closed,
  emptyBounties,
  isClosed,
  notFound,
  OfBounty,
  type Submission,
} from './state.ts';

type World = WorldOf<BountySlice>;
const { action, on, subject } = subjectOn<BountySlice>({ mints: { bounty_created: BOUNTY_MINT, bounty_topped_up: BOUNTY_MINT } });

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
const Cost = z.strictObject({
  bounty_id: Id,
  api_cost: z.number().nonnegative('must not be negative').max(1_000_000).default(0),
  session_increment: Count,
  tokens_spent: Count,
  artifact: Text(400).optional(),
});

const Offered = OfBounty.extend({ bids_until: z.string().optional() });
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

const acts = {
  create_bounty: action(ANYONE, Create, Offered, decideCreate),
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
