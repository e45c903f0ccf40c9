import { z } from 'zod';
import { walletAccount } from '../economy/accounts.ts';
import { Postings } from '../economy/postings.ts';
import { BOUNTY_MINT, type Bounty, bountySubject, escrowOf, notFound, returnEscrow, sourceOf } from './bounties.ts';
import { rewardCap, shares } from './bounty-rules.ts';
import type { Submission } from './bounty-submissions.ts';
import {
  type Action,
  Amount,
  ANYONE,
  action,
  type Context,
  type Decision,
  type Evolve,
  Id,
  IdentityId,
  on,
  poor,
  refuse,
  type World,
} from './kit.ts';

const Complete = z.strictObject({
  bounty_id: Id,
  winner_reward: Amount.optional(),
  runner_up_reward: z.int().nonnegative().max(1_000_000).default(0),
  winner_submission_id: Id.optional(),
  runner_up_submission_id: Id.optional(),
});
const Share = z.object({ identity: IdentityId, amount: z.int(), place: z.int() });
const Completed = z.object({
  bounty_id: Id,
  distributed: z.array(Share),
  guilds: z.array(z.object({ guild_id: Id, amount: z.int() })),
});

/** Work that may be paid, in the order of its places: chosen ones first, then as it came; rejected work is out. */
function placed({ submissions }: Bounty, chosen: readonly (string | undefined)[]): readonly Submission[] {
  const fit = submissions.filter((one) => one.review?.verdict !== 'rejected');
  const first = chosen.flatMap((id) => fit.find((one) => one.id === id) ?? []);
  return [...new Set([...first, ...fit])];
}

/** Who gets what. One piece of work: the reward times its multiplier. Several: winner and runner-up. Teams share. */
export function payoutsOf(world: World, bounty: Bounty, args: z.infer<typeof Complete>) {
  const work = placed(bounty, [args.winner_submission_id, args.runner_up_submission_id]);
  if (work.length === 0 && bounty.submissions.length === 0 && bounty.claimed_by) return claimPayout(world, bounty);
  const rewards = [args.winner_reward ?? bounty.reward, bounty.submissions.length > 1 ? args.runner_up_reward : 0];
  return work.slice(0, 2).map((one, at) => {
    const amount = rewardCap(rewards[at] ?? 0, one.slot_multiplier);
    return { place: at + 1, amount, members: one.members, guild_id: one.guild_id };
  });
}

/** A bounty that was claimed and never handed in through a submission: the claimant earned it, when the person says so. */
function claimPayout({ society }: World, { claimed_by, reward }: Bounty) {
  const guild = claimed_by?.type === 'guild' ? society.guilds.guilds.get(claimed_by.id) : undefined;
  const members = guild
    ? [guild.founder, ...guild.members.filter((id) => id !== guild.founder)]
    : [claimed_by?.claimed_by_identity ?? ''];
  return [{ place: 1, amount: reward, members, guild_id: guild?.id ?? null }];
}

function decideComplete(world: World, args: z.infer<typeof Complete>, { actor, kind }: Context): Decision {
  const bounty = world.society.bounties.get(args.bounty_id);
  if (!bounty) return notFound(args.bounty_id);
  if (bounty.status === 'completed' || bounty.status === 'cancelled')
    return refuse('bounty_closed', `It is ${bounty.status}; it pays once`);
  if (kind === 'resident' && bounty.created_by !== actor)
    return refuse('not_yours', 'Only who offered it or the person completes it');
  const payouts = payoutsOf(world, bounty, args);
  if (payouts.length === 0)
    return refuse('nothing_to_pay', 'Nobody claimed it or handed in work that was not rejected; cancel it instead');
  const booking = new Postings(world.tokens);
  const escrow = escrowOf(bounty.id);
  const total = payouts.reduce((sum, { amount }) => sum + amount, 0);
  const held = booking.balance(escrow);
  if (total > held && sourceOf(bounty) === BOUNTY_MINT) booking.move(BOUNTY_MINT, escrow, total - held);
  else if (total > held) {
    const owner = bounty.created_by;
    const has = booking.balance(walletAccount(owner, 'free'));
    if (has < total - held) return poor(has, total - held);
    booking.charge(owner, escrow, total - held);
  }
  const pool = bounty.submissions.length > 1 ? 'split' : 'free';
  const distributed = payouts.flatMap(({ place, amount, members }) =>
    shares(amount, members).map((share) => ({ ...share, place })),
  );
  for (const { identity, amount } of distributed) if (amount > 0) booking.credit(escrow, identity, amount, pool);
  if (total < held) returnEscrow(booking, bounty, held - total);
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

export const payoutActions: Readonly<Record<string, Action>> = { complete_bounty: action(ANYONE, Complete, decideComplete) };

export const payoutEvents: Readonly<Record<string, Evolve>> = {
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
