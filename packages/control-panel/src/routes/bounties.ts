import { ACTS } from '@vivarium/core';
import { z } from 'zod';
import { orDigits, PageQuery, pageOf } from '../http/page.ts';
import { notFound, RequestRefused } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { bountyOf, newestFirst, payoutPreview } from '../presenters/bounties.ts';
import {
  BountyAnswer,
  BountyCancelled,
  BountyCompleted,
  BountySubmissions,
  BountyToppedUp,
  BountyView,
  CostTracked,
  PayoutAnswer,
  WorkSubmitted,
} from '../protocol/bounties.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const Query = PageQuery.extend({
  status: z
    .enum(['active', 'open', 'claimed', 'completed', 'cancelled', 'all'])
    .default('active')
    .describe('active: open and claimed'),
});
const { create_bounty, top_up_bounty, submit_bounty, track_bounty_cost, complete_bounty } = ACTS;
const offered = create_bounty.schema.shape;
const Create = create_bounty.schema
  .extend({ reward: orDigits(offered.reward), slots: orDigits(offered.slots), max_teams: orDigits(offered.max_teams) })
  .strip();
const TopUp = z.object({ amount: orDigits(top_up_bounty.schema.shape.amount) });
const Submit = submit_bounty.schema
  .omit({ bounty_id: true, as_guild: true })
  .extend({ identity_id: submit_bounty.schema.shape.identity_id.unwrap(), guild_id: z.string().nullish() })
  .strip();
const cost = track_bounty_cost.schema.shape;
const Cost = track_bounty_cost.schema
  .omit({ bounty_id: true })
  .extend({ session_increment: orDigits(cost.session_increment), tokens_spent: orDigits(cost.tokens_spent) })
  .strip();
const paid = complete_bounty.schema.shape;
const Payout = complete_bounty.schema
  .omit({ bounty_id: true })
  .extend({ winner_reward: orDigits(paid.winner_reward), runner_up_reward: orDigits(paid.runner_up_reward) })
  .strip();

/** A bounty's whole life: offered with its reward in escrow, handed in for, judged, paid once, or cancelled. */
export function bountyRoutes(world: World) {
  return [...looking(world), ...offering(world), ...working(world), ...ending(world)];
}

function looking(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/bounties',
      entry: 'list_bounties',
      query: Query,
      answer: z.array(BountyView),
      run: async ({ query }) => {
        await world.society.refresh();
        return pageOf(newestFirst(world, query.status), ({ id }) => id, query).rows;
      },
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id',
      entry: 'show_bounty',
      answer: BountyAnswer,
      run: async ({ params }) => done({ bounty: await bountyOf(world, params.id) }),
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/submissions',
      entry: 'list_submissions',
      answer: BountySubmissions,
      run: async ({ params }) => {
        const { id, teams, slots, slot_state } = await bountyOf(world, params.id);
        return done({ bounty_id: id, submissions: teams, slots, slot_state });
      },
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/payout',
      entry: 'preview_payout',
      query: Payout,
      answer: PayoutAnswer,
      run: async ({ params, query }) => {
        const { id } = await bountyOf(world, params.id);
        return done({ bounty_id: id, ...payoutPreview(world, id, query) });
      },
    }),
  ];
}

function offering(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/bounties',
      entry: 'create_bounty',
      body: Create,
      answer: BountyAnswer,
      run: async ({ body }) => {
        const { bounty_id } = await perform(world, 'create_bounty', body);
        return done({ bounty: await bountyOf(world, bounty_id) });
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/top_up',
      entry: 'top_up_bounty',
      body: TopUp,
      answer: BountyToppedUp,
      run: async ({ params, body }) => {
        const { amount, in_escrow } = await perform(world, 'top_up_bounty', { ...body, bounty_id: params.id });
        return done({ bounty: await bountyOf(world, params.id), amount, in_escrow });
      },
    }),
    does(world, 'cancel_bounty', {
      method: 'delete',
      path: '/api/bounties/:id',
      named: { id: 'bounty_id' },
      answer: BountyCancelled,
      show: ({ bounty_id, returned }) => done({ bounty_id, returned }),
    }),
  ];
}

function working(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/bounties/:id/submit',
      entry: 'submit_bounty',
      body: Submit,
      answer: WorkSubmitted,
      run: async ({ params, body }) => {
        const { guild_id, ...rest } = body;
        const as_guild = guild_id ? { as_guild: await isMember(world, body.identity_id, guild_id) } : {};
        const { submission_id } = await perform(world, 'submit_bounty', { ...rest, ...as_guild, bounty_id: params.id });
        const { teams } = await bountyOf(world, params.id);
        return done({ submission: teams.find(({ id }) => id === submission_id) });
      },
    }),
    does(world, 'review_submission', {
      method: 'post',
      path: '/api/bounties/:id/submissions/:submission/review',
      named: { id: 'bounty_id', submission: 'submission_id' },
      answer: BountyAnswer,
      show: async (_answer, { bounty_id }) => done({ bounty: await bountyOf(world, bounty_id) }),
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/track_cost',
      entry: 'track_bounty_cost',
      body: Cost,
      answer: CostTracked,
      run: async ({ params, body }) => {
        await perform(world, 'track_bounty_cost', { ...body, bounty_id: params.id });
        const { cost_tracking } = await bountyOf(world, params.id);
        return done({ cost_tracking });
      },
    }),
  ];
}

function ending(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/bounties/:id/complete',
      entry: 'complete_bounty',
      body: Payout,
      answer: BountyCompleted,
      run: async ({ params, body }) => {
        const before = await bountyOf(world, params.id);
        const answer = await perform(world, 'complete_bounty', { ...body, bounty_id: before.id });
        const bounty = await bountyOf(world, before.id);
        const payouts = payoutPreview(world, before.id, body).payouts;
        const multiplier = new Map(payouts.map(({ place, slot_multiplier }) => [place, slot_multiplier]));
        return done({
          bounty,
          distributed: bounty.distributed.map(({ identity, amount }) => ({ identity, amount })),
          distributions: bounty.distributed.map(({ identity, amount, place }) => ({
            ...{ identity, reward: amount, place },
            slot_multiplier: multiplier.get(place) ?? 1,
          })),
          total_distributed: answer.total_distributed,
          cost_tracking: bounty.cost_tracking,
        });
      },
    }),
  ];
}

async function isMember(world: World, identity_id: string, guild_id: string): Promise<true> {
  await world.society.refresh();
  if (!world.society.guilds().some(({ id }) => id === guild_id)) throw notFound(`There is no guild ${guild_id}`);
  if (world.society.profile(identity_id)?.guild_id === guild_id) return true;
  throw new RequestRefused(409, 'VIV_NOT_A_MEMBER', `${identity_id} is not in the guild ${guild_id}`);
}
