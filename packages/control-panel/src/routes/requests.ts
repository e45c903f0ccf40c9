import { metRequests, standingRequest } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { MetRequest, RequestMet, RequestSet, StandingRequest } from '../protocol/talk.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const KEPT = 50;

/** The person's standing request to all residents, and those that were met. */
export function requestRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/human_request',
      entry: 'show_request',
      answer: StandingRequest,
      run: async () => {
        const { request, updated_at = null } = await standingRequest(world.documents);
        return { request, updated_at };
      },
    }),
    does(world, 'set_request', {
      method: 'post',
      path: '/api/human_request',
      named: {},
      answer: RequestSet,
      show: ({ updated_at }) => done({ updated_at }),
    }),
    route({
      method: 'get',
      path: '/api/completed_requests',
      entry: 'list_met_requests',
      query: PageQuery.extend({ limit: z.coerce.number().int().min(1).max(KEPT).default(KEPT) }),
      answer: z.array(MetRequest),
      run: async ({ query }) => pageOf(await metRequests(world.documents), ({ completed_at }) => completed_at, query).rows,
    }),
    does(world, 'meet_request', {
      method: 'post',
      path: '/api/completed_requests',
      named: {},
      answer: RequestMet,
      show: (completed) => done({ completed }),
    }),
  ];
}
