import { z } from 'zod';
import { notFound, RequestRefused } from '../http/refused.ts';
import { route, type TableRoute } from '../http/route.ts';
import { bountyOf, newestFirst, payoutPreview } from '../society/bounties.ts';
import { PageQuery, pageOf, wholeNumber } from '../society/page.ts';
import { perform } from '../society/perform.ts';
import type { World } from '../world.ts';

const Query = PageQuery.extend({
  status: z
    .enum(['active', 'open', 'claimed', 'completed', 'cancelled', 'all'])
    .default('active')
    .describe('active: open and claimed'),
});
const Tokens = wholeNumber.pipe(
  z.number().positive('must be a positive whole number of tokens').max(1_000_000, 'at most 1,000,000 tokens'),
);
const Slots = wholeNumber.pipe(z.number().min(1, 'at least one slot').max(100, 'at most 100 slots'));
const Create = z.object({
  title: z.string({ error: 'title is required' }).trim().min(1, 'title is required').max(200, 'at most 200 characters'),
  description: z.string().max(4000, 'at most 4000 characters').optional(),
  reward: Tokens.optional(),
  slots: Slots.optional(),
  max_teams: Slots.optional(),
  game_mode: z.enum(['pvp', 'coop', 'hybrid']).optional(),
  bid_hours: z
    .number({ error: 'must be a number of hours' })
    .positive('must be more than 0 hours')
    .max(720, 'at most 720 hours')
    .optional(),
  slot_policy: z.record(z.string(), z.unknown()).optional(),
});
const Submit = z.object({
  identity_id: z.string({ error: 'identity_id is required' }).min(1, 'identity_id is required').max(64),
  members: z.array(z.string()).optional(),
  guild_id: z.string().nullish(),
  description: z.string().optional(),
  artifacts: z.array(z.string()).optional(),
  notes: z.string().optional(),
});
const Money = z.number().nonnegative('must not be negative').max(1_000_000);
const Count = wholeNumber.pipe(z.number().nonnegative('must not be negative').max(1_000_000_000));
const Cost = z.object({
  api_cost: Money.optional(),
  session_increment: Count.optional(),
  tokens_spent: Count.optional(),
  artifact: z.string().min(1).max(400).optional(),
});
const Payout = z.object({
  winner_reward: Tokens.optional(),
  runner_up_reward: Count.optional(),
  winner_submission_id: z.string().optional(),
  runner_up_submission_id: z.string().optional(),
});
const Review = z.object({
  verdict: z.enum(['accepted', 'rejected']),
  evidence: z.string().trim().min(3, 'say what it rests on').max(2000),
});

/** A bounty's whole life: offered with its reward in escrow, handed in for, judged, paid once, or cancelled. */
export function bountyRoutes(world: World): readonly TableRoute[] {
  return [...looking(world), ...offering(world), ...working(world), ...ending(world)];
}

function looking(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/bounties',
      summary: 'Open and claimed bounties, newest first; others by `status`',
      query: Query,
      run: async ({ query }) => {
        await world.society.refresh();
        return pageOf(newestFirst(world, query.status), ({ id }) => id, query).rows;
      },
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id',
      summary: 'One bounty, whole',
      run: async ({ params }) => ({ success: true, bounty: await bountyOf(world, params['id']) }),
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/submissions',
      summary: 'What was handed in',
      run: async ({ params }) => {
        const { id, teams, slots, slot_state } = await bountyOf(world, params['id']);
        return { success: true, bounty_id: id, submissions: teams, slots, slot_state };
      },
    }),
    route({
      method: 'get',
      path: '/api/bounties/:id/payout',
      summary: 'Who would get what if it were completed like this; changes nothing',
      query: z.object({
        winner_reward: Tokens.optional(),
        runner_up_reward: Count.optional(),
        winner_submission_id: z.string().optional(),
        runner_up_submission_id: z.string().optional(),
      }),
      run: async ({ params, query }) => {
        const { id } = await bountyOf(world, params['id']);
        return { success: true, bounty_id: id, ...payoutPreview(world, id, query) };
      },
    }),
  ];
}

function offering(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/bounties',
      summary: 'Offer a bounty; its reward goes into escrow',
      body: Create,
      run: async ({ body }) => {
        const { bounty_id } = await perform(world, 'create_bounty', body);
        return { success: true, bounty: await bountyOf(world, String(bounty_id)) };
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/top_up',
      summary: 'Pay tokens of yours into the escrow of a bounty',
      body: z.object({ amount: Tokens }),
      run: async ({ params, body }) => {
        const { amount, in_escrow } = await perform(world, 'top_up_bounty', { ...body, bounty_id: params['id'] });
        return { success: true, bounty: await bountyOf(world, params['id']), amount, in_escrow };
      },
    }),
    route({
      method: 'delete',
      path: '/api/bounties/:id',
      summary: 'Cancel a bounty whose work was judged; what lies in escrow goes back',
      run: async ({ params }) => {
        const { bounty_id, returned } = await perform(world, 'cancel_bounty', { bounty_id: params['id'] });
        return { success: true, bounty_id, returned };
      },
    }),
  ];
}

function working(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/bounties/:id/submit',
      summary: 'Hand in work for a resident',
      body: Submit,
      run: async ({ params, body }) => {
        const { guild_id, ...rest } = body;
        const as_guild = guild_id ? { as_guild: await isMember(world, body.identity_id, guild_id) } : {};
        const { submission_id } = await perform(world, 'submit_bounty', { ...rest, ...as_guild, bounty_id: params['id'] });
        const { teams } = await bountyOf(world, params['id']);
        return { success: true, submission: teams.find(({ id }) => id === submission_id) };
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/submissions/:submission/review',
      summary: 'Accept or reject one piece of work, with the evidence',
      body: Review,
      run: async ({ params, body }) => {
        await perform(world, 'review_submission', { ...body, bounty_id: params['id'], submission_id: params['submission'] });
        return { success: true, bounty: await bountyOf(world, params['id']) };
      },
    }),
    route({
      method: 'post',
      path: '/api/bounties/:id/track_cost',
      summary: 'Add to what a bounty has cost',
      body: Cost,
      run: async ({ params, body }) => {
        await perform(world, 'track_bounty_cost', { ...body, bounty_id: params['id'] });
        const { cost_tracking } = await bountyOf(world, params['id']);
        return { success: true, cost_tracking };
      },
    }),
  ];
}

function ending(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/bounties/:id/complete',
      summary: 'Pay from escrow, at most what is held, and close, once',
      body: Payout,
      run: async ({ params, body }) => {
        const before = await bountyOf(world, params['id']);
        const answer = await perform(world, 'complete_bounty', { ...body, bounty_id: before.id });
        const bounty = await bountyOf(world, before.id);
        const payouts = payoutPreview(world, before.id, body).payouts;
        const multiplier = new Map(payouts.map(({ place, slot_multiplier }) => [place, slot_multiplier]));
        return {
          success: true,
          bounty,
          distributed: bounty.distributed.map(({ identity, amount }) => ({ identity, amount })),
          distributions: bounty.distributed.map(({ identity, amount, place }) => ({
            ...{ identity, reward: amount, place },
            slot_multiplier: multiplier.get(place) ?? 1,
          })),
          total_distributed: answer['total_distributed'],
          cost_tracking: bounty.cost_tracking,
        };
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
