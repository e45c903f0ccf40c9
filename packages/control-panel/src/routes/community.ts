import { ACTS } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { disputesOf } from '../presenters/disputes.ts';
import { guildRows, journalRows } from '../presenters/groups.ts';
import {
  DisputeAnswer,
  DisputeList,
  GuildList,
  JournalList,
  JournalVoted,
  RequestVoted,
  SpendingVoted,
} from '../protocol/community.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';

const ById = PageQuery.extend({ status: z.string().max(32).optional() });
const { resolve_dispute, appoint_mediator, vote_journal, vote_guild, vote_treasury } = ACTS;
const Resolve = resolve_dispute.schema.omit({ dispute_id: true }).strip();
const Appoint = appoint_mediator.schema.omit({ dispute_id: true }).strip();
const JournalVote = vote_journal.schema.omit({ journal_id: true }).strip();
const GuildVote = vote_guild.schema.omit({ request_id: true }).strip();
const TreasuryVote = vote_treasury.schema.omit({ spend_id: true }).strip();

/** What residents decide together: guilds, journals, disputes. */
export function communityRoutes(world: World) {
  return [...groups(world), ...disputes(world)];
}

function groups(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/guilds',
      summary: 'Guilds with members, requests, votes and treasury',
      query: PageQuery,
      answer: GuildList,
      run: async ({ query }) => {
        await world.society.refresh();
        const { rows, next_cursor } = pageOf(guildRows(world), ({ id }) => id, query);
        return done({ guilds: rows, leaderboard: world.society.guildLeaderboard(), next_cursor });
      },
    }),
    route({
      method: 'get',
      path: '/api/journals',
      summary: 'Journals written for others, newest first; authors are hidden until the vote is decided',
      query: ById,
      answer: JournalList,
      run: async ({ query }) => {
        await world.society.refresh();
        return done({ ...(await journalRows(world, query, query.status)) });
      },
    }),
    ...ballots(world),
  ];
}

/** The person's voice: one among the residents'. */
function ballots(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/journals/:id/vote',
      summary: 'Vote on a journal',
      body: JournalVote,
      answer: JournalVoted,
      run: async ({ params, body }) =>
        JournalVoted.parse(done(await perform(world, 'vote_journal', { journal_id: params.id, ...body }))),
    }),
    route({
      method: 'post',
      path: '/api/guilds/requests/:id/vote',
      summary: 'Vote on a request to join a guild',
      body: GuildVote,
      answer: RequestVoted,
      run: async ({ params, body }) =>
        RequestVoted.parse(done(await perform(world, 'vote_guild', { request_id: params.id, ...body }))),
    }),
    route({
      method: 'post',
      path: '/api/guilds/spendings/:id/vote',
      summary: 'Vote on what a guild wishes to spend',
      body: TreasuryVote,
      answer: SpendingVoted,
      run: async ({ params, body }) =>
        SpendingVoted.parse(done(await perform(world, 'vote_treasury', { spend_id: params.id, ...body }))),
    }),
  ];
}

function disputes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/disputes',
      summary: 'Disputes, newest first',
      query: ById,
      answer: DisputeList,
      run: async ({ query }) => {
        await world.society.refresh();
        const all = disputesOf(world).filter(({ status }) => query.status === undefined || status === query.status);
        const { rows, next_cursor } = pageOf(all, ({ dispute_id }) => dispute_id, query);
        return done({ disputes: rows, next_cursor });
      },
    }),
    route({
      method: 'post',
      path: '/api/disputes/:id/resolve',
      summary: 'Decide a dispute',
      body: Resolve,
      answer: DisputeAnswer,
      run: async ({ params, body }) => {
        await perform(world, 'resolve_dispute', { dispute_id: params.id, ...body });
        return done({ dispute: disputesOf(world).find(({ dispute_id }) => dispute_id === params.id) });
      },
    }),
    route({
      method: 'post',
      path: '/api/disputes/:id/appoint',
      summary: 'Ask a resident who had no part in it to mediate',
      body: Appoint,
      answer: DisputeAnswer,
      run: async ({ params, body }) => {
        await perform(world, 'appoint_mediator', { dispute_id: params.id, ...body });
        return done({ dispute: disputesOf(world).find(({ dispute_id }) => dispute_id === params.id) });
      },
    }),
  ];
}
