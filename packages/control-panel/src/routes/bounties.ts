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

const Query = PageQuery.extend({
  status: z
    .enum(['active', 'open', 'claimed', 'completed', 'cancelled', 'all'])
    .default('active')
    .describe('active: open and claimed'),
});
const { create_bounty, top_up_bounty, submit_bounty, review_submission, track_bounty_cost, complete_bounty } = ACTS;
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
const Review = review_submission.schema.omit({ bounty_id: true, submission_id: true }).strip();

/** What an act in the society tells of itself. */
const Created = z.object({ bounty_id: z.string() });
const PaidIn = BountyToppedUp.pick({ amount: true, in_escrow: true });
const Paid = BountyCompleted.pick({ total_distributed: true });

/** A bounty's whole life: offered with its reward in escrow, handed in for, judged, paid once, or cancelled. */
export function bountyRoutes(world: World) {
  return [...looking(world), ...offering(world), ...working(world), ...ending(world)];
}

function looking(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/bounties',
      summary: 'Open and claimed bounties, newest first; others by `status`',
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
      summary: 'One bounty, whole',
      answer: BountyAnswer,
      run: async ({ params }) => done({ bounty: await bountyOf(world, params.id) }),
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/submissions',
      summary: 'What was handed in',
      answer: BountySubmissions,
      run: async ({ params }) => {
        const { id, teams, slots, slot_state } = await bountyOf(world, params.id);
        return done({ bounty_id: id, submissions: teams, slots, slot_state });
      },
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/payout',
      summary: 'Who would get what if it were completed like this; changes nothing',
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
      summary: 'Offer a bounty; its reward goes into escrow',
      body: Create,
      answer: BountyAnswer,
      run: async ({ body }) => {
        const { bounty_id } = Created.parse(await perform(world, 'create_bounty', body));
        return done({ bounty: await bountyOf(world, bounty_id) });
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/top_up',
      summary: 'Pay tokens of yours into the escrow of a bounty',
      body: TopUp,
      answer: BountyToppedUp,
      run: async ({ params, body }) => {
        const sums = PaidIn.parse(await perform(world, 'top_up_bounty', { ...body, bounty_id: params.id }));
        return done({ bounty: await bountyOf(world, params.id), ...sums });
      },
    }),
    route({
      method: 'delete',
      path: '/api/bounties/:id',
      summary: 'Cancel a bounty whose work was judged; what lies in escrow goes back',
      answer: BountyCancelled,
      run: async ({ params }) => {
        return BountyCancelled.parse(done(await perform(world, 'cancel_bounty', { bounty_id: params.id })));
      },
    }),
  ];
}

function working(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/bounties/:id/submit',
      summary: 'Hand in work for a resident',
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
    route({
      method: 'post',
      path: '/api/bounties/:id/submissions/:submission/review',
      summary: 'Accept or reject one piece of work, with the evidence',
      body: Review,
      answer: BountyAnswer,
      run: async ({ params, body }) => {
        await perform(world, 'review_submission', { ...body, bounty_id: params.id, submission_id: params.submission });
        return done({ bounty: await bountyOf(world, params.id) });
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/track_cost',
      summary: 'Add to what a bounty has cost',
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
      summary: 'Pay from escrow, at most what is held, and close, once',
      body: Payout,
      answer: BountyCompleted,
      run: async ({ params, body }) => {
        const before = await bountyOf(world, params.id);
        const answer = Paid.parse(await perform(world, 'complete_bounty', { ...body, bounty_id: before.id }));
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
