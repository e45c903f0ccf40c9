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
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const ById = PageQuery.extend({ status: z.string().max(32).optional() });
/** What residents decide together: guilds, journals, disputes. */
export function communityRoutes(world: World) {
  return [...groups(world), ...disputes(world)];
}

function groups(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/guilds',
      entry: 'list_guilds',
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
      entry: 'list_journals',
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
    does(world, 'vote_journal', {
      method: 'post',
      path: '/api/journals/:id/vote',
      named: { id: 'journal_id' },
      answer: JournalVoted,
      show: ({ journal_id, votes, status }) => done({ ok: true, journal_id, votes, status }),
    }),
    does(world, 'vote_guild', {
      method: 'post',
      path: '/api/guilds/requests/:id/vote',
      named: { id: 'request_id' },
      answer: RequestVoted,
      show: ({ request_id, status }) => done({ ok: true, request_id, status }),
    }),
    does(world, 'vote_treasury', {
      method: 'post',
      path: '/api/guilds/spendings/:id/vote',
      named: { id: 'spend_id' },
      answer: SpendingVoted,
      show: ({ spend_id, status }) => done({ ok: true, spend_id, status }),
    }),
  ];
}

function disputes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/disputes',
      entry: 'list_disputes',
      query: ById,
      answer: DisputeList,
      run: async ({ query }) => {
        await world.society.refresh();
        const all = disputesOf(world).filter(({ status }) => query.status === undefined || status === query.status);
        const { rows, next_cursor } = pageOf(all, ({ dispute_id }) => dispute_id, query);
        return done({ disputes: rows, next_cursor });
      },
    }),
    does(world, 'resolve_dispute', {
      method: 'post',
      path: '/api/disputes/:id/resolve',
      named: { id: 'dispute_id' },
      answer: DisputeAnswer,
      show: (_answer, { dispute_id }) => done({ dispute: disputesOf(world).find((one) => one.dispute_id === dispute_id) }),
    }),
    does(world, 'appoint_mediator', {
      method: 'post',
      path: '/api/disputes/:id/appoint',
      named: { id: 'dispute_id' },
      answer: DisputeAnswer,
      show: (_answer, { dispute_id }) => done({ dispute: disputesOf(world).find((one) => one.dispute_id === dispute_id) }),
    }),
  ];
}
