import { payoutsOf, RefusedError, shares } from '@vivarium/core';
import { notFound } from '../http/refused.ts';
import type { BountyView, PayoutPreview } from '../protocol/bounties.ts';
import type { World } from '../world/world.ts';

type Status = 'active' | 'open' | 'claimed' | 'completed' | 'cancelled' | 'all';

const HOUR_MS = 3_600_000;

export function newestFirst(world: World, wanted: Status): readonly BountyView[] {
  const all = world.society.bounties();
  const fits = ({ status }: { status: string }) =>
    wanted === 'all' || status === wanted || (wanted === 'active' && (status === 'open' || status === 'claimed'));
  return all.filter(fits).reverse().map(timed);
}

/** @throws RequestRefused 404 */
export async function bountyOf(world: World, id: string | undefined): Promise<BountyView> {
  await world.society.refresh();
  const found = world.society.bounties().find((bounty) => bounty.id === id);
  if (found === undefined) throw notFound(`There is no bounty ${id}`, 'List them with GET /api/bounties?status=all');
  return timed(found);
}

function timed(bounty: ReturnType<World['society']['bounties']>[number]): BountyView {
  const { cost_tracking, completed_at } = bounty;
  if (completed_at === undefined) return bounty;
  const { started_at = bounty.created_at } = cost_tracking;
  const duration_hours = Math.round(((Date.parse(completed_at) - Date.parse(started_at)) / HOUR_MS) * 100) / 100;
  return { ...bounty, cost_tracking: { ...cost_tracking, completed_at, duration_hours } };
}

type Choice = { readonly [Key in 'winner_reward' | 'runner_up_reward']?: number | undefined } & {
  readonly [Key in 'winner_submission_id' | 'runner_up_submission_id']?: string | undefined;
};

/** What completing it would pay: the society's own sums, without doing it. @throws RequestRefused for a choice that cannot be paid */
export function payoutPreview(world: World, id: string, choice: Choice): PayoutPreview {
  const { society, tokens } = world.society.world;
  const bounty = society.bounties.get(id);
  if (bounty === undefined) return { payouts: [], total: 0, in_escrow: 0, returned: 0, added: 0 };
  const paid = payoutsOf(world.society.world, bounty, {
    bounty_id: id,
    runner_up_reward: choice.runner_up_reward ?? 0,
    winner_reward: choice.winner_reward,
    winner_submission_id: choice.winner_submission_id,
    runner_up_submission_id: choice.runner_up_submission_id,
  });
  if ('ok' in paid) throw new RefusedError(paid);
  const payouts = paid.map(({ place, amount, members }) => ({
    ...{ place, amount, slot_multiplier: multiplierOf(bounty.submissions, members) },
    shares: shares(amount, members),
  }));
  const total = payouts.reduce((sum, { amount }) => sum + amount, 0);
  const in_escrow = tokens.balances.get(`escrow:bounty:${id}`) ?? 0;
  return { payouts, total, in_escrow, returned: Math.max(0, in_escrow - total), added: Math.max(0, total - in_escrow) };
}

function multiplierOf(
  submissions: readonly { readonly members: readonly string[]; readonly slot_multiplier: number }[],
  members: readonly string[],
): number {
  return submissions.find((one) => one.members === members)?.slot_multiplier ?? 1;
}
