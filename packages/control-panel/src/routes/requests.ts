import { join } from 'node:path';
import { readDocument, updateDocument, writeDocument } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { RequestRefused } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { MetRequest, RequestMet, RequestSet, StandingRequest } from '../protocol/talk.ts';
import { PERSON, type World } from '../world/world.ts';

const KEPT = 50;
const HOUR_MS = 3_600_000;

const Standing = z.looseObject({ request: z.string().default(''), updated_at: z.string().optional() });
const orNull = z.string().nullable().default(null);
const Completed = MetRequest.extend({ started_at: orNull, duration: orNull });
const Ask = z.object({ request: z.string({ error: 'request is required' }).max(4000, 'at most 4000 characters') });
const Done = z.object({ request: z.string().max(4000, 'at most 4000 characters').optional() });

/** The person's standing request to all residents, and those that were met. */
export function requestRoutes(world: World) {
  const files = {
    standing: join(world.paths.swarm, 'human_request.json'),
    completed: join(world.paths.swarm, 'completed_requests.json'),
  };
  return [...standingRoutes(world, files), ...metRoutes(world, files)];
}

interface Files {
  readonly standing: string;
  readonly completed: string;
}

function standingRoutes(world: World, { standing }: Files) {
  return [
    route({
      method: 'get',
      path: '/api/human_request',
      summary: "The person's standing request",
      answer: StandingRequest,
      run: async () => {
        const found = await readDocument(standing, Standing);
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
        await writeDocument(standing, { request: body.request, updated_at });
        noted(world, 'human_request', body.request);
        return done({ updated_at });
      },
    }),
  ];
}

function metRoutes(world: World, files: Files) {
  return [
    route({
      method: 'get',
      path: '/api/completed_requests',
      summary: 'Requests that were met, newest first',
      query: PageQuery.extend({ limit: z.coerce.number().int().min(1).max(KEPT).default(KEPT) }),
      answer: z.array(MetRequest),
      run: async ({ query }) => {
        const all = (await readDocument(files.completed, z.array(Completed))) ?? [];
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
        const met = await complete(world, files, body.request);
        noted(world, 'request_completed', met.request);
        return done({ completed: met });
      },
    }),
  ];
}

function noted(world: World, action: string, detail: string): void {
  world.activity.note({ actor: PERSON, action_type: 'SOCIAL', action, detail });
}

async function complete(world: World, files: Files, given: string | undefined) {
  const found = await readDocument(files.standing, Standing);
  const request = (given ?? found?.request ?? '').trim();
  if (request === '') throw new RequestRefused(400, 'VIV_NO_REQUEST', 'No request text');
  const now = world.now();
  const started_at = found?.updated_at ?? null;
  const duration = started_at === null ? null : durationOf(now.getTime() - Date.parse(started_at));
  const met = { request, completed_at: now.toISOString(), started_at, duration };
  await updateDocument(files.completed, z.array(Completed), (former = []) => [met, ...former].slice(0, KEPT));
  if (found?.request.trim() === request) await writeDocument(files.standing, { request: '', updated_at: met.completed_at });
  return met;
}

/** As documented: minutes below an hour, hours below a day, else days. */
function durationOf(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(0, Math.floor(ms / 60_000))} min`;
  if (ms < 24 * HOUR_MS) return `${(ms / HOUR_MS).toFixed(1)} hrs`;
  return `${Math.floor(ms / (24 * HOUR_MS))} days`;
}
