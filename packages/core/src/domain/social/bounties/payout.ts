import { z } from 'zod';
import { type Refused, refuse } from '../../../contract/refusals.ts';
import { Postings } from '../../economy/postings.ts';
import type { GuildSlice } from '../guilds/state.ts';
import { Amount, ANYONE, type Context, type Decision, Id, IdentityId, stateless, subjectOn, type WorldOf } from '../kit/index.ts';
import { shares } from '../kit/shares.ts';
import { escrowOf, returnEscrow } from './escrow.ts';
import { rewardCap } from './slots.ts';
import { type Bounty, type BountySlice, bountySubject, closed, isClosed, notFound, type Submission } from './state.ts';

type Sees = BountySlice & GuildSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const Complete = z.strictObject({
  bounty_id: Id,
  winner_reward: Amount.optional(),
  runner_up_reward: z.int('give a whole number of tokens').nonnegative('must not be negative').max(1_000_000).default(0),
  winner_submission_id: Id.optional(),
  runner_up_submission_id: Id.optional(),
});
const Share = z.object({ identity: IdentityId, amount: z.int(), place: z.int() });
const Paid = z.object({ bounty_id: Id, distributed: z.array(Share), total_distributed: z.int() });
const Completed = z.object({
  bounty_id: Id,
  distributed: z.array(Share),
  guilds: z.array(z.object({ guild_id: Id, amount: z.int() })),
});

/**
 * Who comes first and second: those who were chosen, else in the order in which they handed in. Rejected work has no place.
 * A choice that cannot be paid is refused: it must never pay somebody else.
 */
function placed(
  { submissions }: Bounty,
  { winner_submission_id, runner_up_submission_id }: Chosen,
): Refused | readonly Submission[] {
  const chosen = [winner_submission_id, runner_up_submission_id].filter((id) => id !== undefined);
  if (new Set(chosen).size < chosen.length) return refuse('same_submission', 'One piece of work cannot come first and second');
  for (const id of chosen) {
    const one = submissions.find((submission) => submission.id === id);
    if (!one) return refuse('submission_not_found', `Nobody handed in ${id} for this bounty; nothing was paid`);
    if (one.review?.verdict === 'rejected')
      return refuse('submission_rejected', `The work ${id} of ${one.identity_name} was rejected; nothing was paid`);
  }
  const fit = submissions.filter(({ review }) => review?.verdict !== 'rejected');
  const others = fit.filter(({ id }) => !chosen.includes(id)).values();
  const take = (id: string | undefined) => (id === undefined ? others.next().value : fit.find((one) => one.id === id));
  const [first, second] = [take(winner_submission_id), take(runner_up_submission_id)];
  if (!first && second) return refuse('nothing_to_pay', 'Nobody else handed in work that could come first; name a winner');
  return [first, second].filter((one) => one !== undefined);
}

type Chosen = Pick<z.infer<typeof Complete>, 'winner_submission_id' | 'runner_up_submission_id'>;

/** Who gets what. One piece of work: the reward times its multiplier. Several: winner and runner-up. Teams share. */
export function payoutsOf(world: World, bounty: Bounty, args: z.infer<typeof Complete>) {
  const work = placed(bounty, args);
  if ('ok' in work) return work;
  if (work.length === 0 && bounty.submissions.length === 0 && bounty.claimed_by) return claimPayout(world, bounty, args);
  const rewards = [args.winner_reward ?? bounty.reward, bounty.submissions.length > 1 ? args.runner_up_reward : 0];
  return work.map((one, at) => {
    const amount = rewardCap(rewards[at] ?? 0, one.slot_multiplier);
    return { place: at + 1, amount, members: one.members, guild_id: one.guild_id };
  });
}

/** A bounty that was claimed and never handed in through a submission: the claimant earned it, when the person says so. */
function claimPayout(
  { society }: World,
  { claimed_by, reward }: Bounty,
  { winner_reward = reward }: { winner_reward?: number | undefined },
) {
  const guild = claimed_by?.type === 'guild' ? society.guilds.guilds.get(claimed_by.id) : undefined;
  const members = guild
    ? [guild.founder, ...guild.members.filter((id) => id !== guild.founder)]
    : [claimed_by?.claimed_by_identity ?? ''];
  return [{ place: 1, amount: winner_reward, members, guild_id: guild?.id ?? null }];
}

function decideComplete(world: World, args: z.infer<typeof Complete>, { actor, kind }: Context): Decision<typeof Paid> {
  const bounty = world.society.bounties.get(args.bounty_id);
  if (!bounty) return notFound(args.bounty_id);
  if (isClosed(bounty)) return closed(bounty);
  if (kind === 'resident' && bounty.created_by !== actor)
    return refuse('not_yours', 'Only who offered it or the person completes it');
  const payouts = payoutsOf(world, bounty, args);
  if ('ok' in payouts) return payouts;
  if (payouts.length === 0)
    return refuse('nothing_to_pay', 'Nobody claimed it or handed in work that was not rejected; cancel it instead');
  const booking = new Postings(world.tokens);
  const escrow = escrowOf(bounty.id);
  const total = payouts.reduce((sum, { amount }) => sum + amount, 0);
  const held = booking.balance(escrow);
  if (total > held) return beyondEscrow(bounty.id, total, held);
  const pool = bounty.submissions.length > 1 ? 'split' : 'free';
  const distributed = payouts.flatMap(({ place, amount, members }) =>
    shares(amount, members).map((share) => ({ ...share, place })),
  );
  for (const { identity, amount } of distributed) if (amount > 0) booking.credit(escrow, identity, amount, pool);
  returnEscrow(booking, bounty, held - total);
  const guilds = payouts.flatMap(({ guild_id, amount }) => (guild_id === null ? [] : [{ guild_id, amount }]));
  const data = { bounty_id: bounty.id, distributed, guilds };
  const memo = `bounty ${bounty.id} completed: paid from escrow`;
  const event = {
    kind: 'bounty_completed',
    memo,
    data,
    subjects: [bountySubject(bounty.id)],
    booking,
    key: `bounty_completed:${bounty.id}`,
  };
  return { ok: true, event, answer: { bounty_id: bounty.id, distributed, total_distributed: total } };
}

/** A payout takes what is held and never more; whoever wants to pay more pays it in first. */
function beyondEscrow(bounty_id: string, total: number, held: number): Refused {
  const missing = total - held;
  const how = `pnpm worker bounty top-up ${bounty_id} ${missing} (residents: top_up_bounty)`;
  return refuse(
    'beyond_escrow',
    `This would pay ${total} tokens and ${held} are held for it; pay less, or pay in the missing ${missing} first: ${how}`,
  );
}

const acts = { complete_bounty: action(ANYONE, Complete, Paid, decideComplete) };

const events = {
  bounty_completed: on(Completed, (society, { bounty_id, distributed, guilds }, { timestamp }) => {
    const bounty = society.bounties.get(bounty_id);
    if (!bounty) return;
    Object.assign(bounty, { status: 'completed', completed_at: timestamp, distributed });
    for (const { guild_id, amount } of guilds) {
      const guild = society.guilds.guilds.get(guild_id);
      if (!guild) continue;
      guild.bounties_completed += 1;
      guild.total_earned += amount;
    }
  }),
};

export const PAYOUTS = subject({ name: 'payouts', empty: stateless, acts, events });
