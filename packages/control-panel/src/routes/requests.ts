import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { RequestRefused } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { MetRequest, RequestMet, RequestSet, StandingRequest } from '../protocol/talk.ts';
import { PERSON, type World } from '../world/world.ts';

const STANDING = '.swarm/human_request.json';
const COMPLETED = '.swarm/completed_requests.json';
const KEPT = 50;
const HOUR_MS = 3_600_000;

const Standing = z.looseObject({ request: z.string().default(''), updated_at: z.string().optional() });
const orNull = z.string().nullable().default(null);
const Completed = MetRequest.extend({ started_at: orNull, duration: orNull });
const Ask = z.object({ request: z.string({ error: 'request is required' }).max(4000, 'at most 4000 characters') });
const Done = z.object({ request: z.string().max(4000, 'at most 4000 characters').optional() });

/** The person's standing request to all residents, and those that were met. */
export function requestRoutes(world: World) {
  return [...standingRoutes(world), ...metRoutes(world)];
}

function standingRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/human_request',
      summary: "The person's standing request",
      answer: StandingRequest,
      run: async () => {
        const found = await world.documents.get(STANDING, Standing);
        return { request: found?.request ?? '', updated_at: found?.updated_at ?? null };
      },
    }),
    route({
      method: 'post',
      path: '/api/human_request',
      summary: 'Set the standing request; empty takes it back',
      body: Ask,
      answer: RequestSet,
      run: async ({ body }) => {
        const updated_at = world.now().toISOString();
        await world.documents.put(STANDING, { request: body.request, updated_at });
        noted(world, 'human_request', body.request);
        return done({ updated_at });
      },
    }),
  ];
}

function metRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/completed_requests',
      summary: 'Requests that were met, newest first',
      query: PageQuery.extend({ limit: z.coerce.number().int().min(1).max(KEPT).default(KEPT) }),
      answer: z.array(MetRequest),
      run: async ({ query }) => {
        const all = (await world.documents.get(COMPLETED, z.array(Completed))) ?? [];
        return pageOf(all, ({ completed_at }) => completed_at, query).rows;
      },
    }),
    route({
      method: 'post',
      path: '/api/completed_requests',
      summary: 'Mark a request as met',
      body: Done,
      answer: RequestMet,
      run: async ({ body }) => {
        const met = await complete(world, body.request);
        noted(world, 'request_completed', met.request);
        return done({ completed: met });
      },
    }),
  ];
}

function noted(world: World, action: string, detail: string): void {
  world.activity.note({ actor: PERSON, action_type: 'SOCIAL', action, detail });
}

async function complete(world: World, given: string | undefined) {
  const found = await world.documents.get(STANDING, Standing);
  const request = (given ?? found?.request ?? '').trim();
  if (request === '') throw new RequestRefused(400, 'VIV_NO_REQUEST', 'No request text');
  const now = world.now();
  const started_at = found?.updated_at ?? null;
  const duration = started_at === null ? null : durationOf(now.getTime() - Date.parse(started_at));
  const met = { request, completed_at: now.toISOString(), started_at, duration };
  await world.documents.update(COMPLETED, z.array(Completed), (former = []) => [met, ...former].slice(0, KEPT));
  if (found?.request.trim() === request) await world.documents.put(STANDING, { request: '', updated_at: met.completed_at });
  return met;
}

/** As documented: minutes below an hour, hours below a day, else days. */
function durationOf(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(0, Math.floor(ms / 60_000))} min`;
  if (ms < 24 * HOUR_MS) return `${(ms / HOUR_MS).toFixed(1)} hrs`;
  return `${Math.floor(ms / (24 * HOUR_MS))} days`;
}
