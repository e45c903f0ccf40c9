import { z } from 'zod';
import { type Actor, loggedAs } from '../../contract/actor.ts';
import { InvalidInputError, VivariumError } from '../../errors/index.ts';
import type { Documents } from '../../ports/documents.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';

const PACE = '.swarm/runtime_speed.json';
const STANDING = '.swarm/human_request.json';
const COMPLETED = '.swarm/completed_requests.json';
const KEPT = 50;
const HOUR_MS = 3_600_000;
const DEFAULT_WAIT_SECONDS = 2;
const MAX_WAIT_SECONDS = 300;

const Pace = z.object({ wait_seconds: z.number(), updated_at: z.string() });
const KeptPace = z.looseObject({ wait_seconds: z.number(), updated_at: z.string().nullable().default(null) });
const Standing = z.looseObject({ request: z.string().default(''), updated_at: z.string().optional() });
const orNull = z.string().nullable().default(null);
const Met = z.looseObject({ request: z.string(), completed_at: z.string(), started_at: orNull, duration: orNull });
const MetRequests = z.array(Met);
const Text = z.string({ error: 'request is required' }).max(4000, 'at most 4000 characters');

/** Nobody said which request was met, and none is standing. Nothing was changed. HTTP 400. */
class NoRequestError extends VivariumError {
  readonly code = 'VIV_NO_REQUEST';
  readonly status = 400;
  readonly disposition = 'fail';
}

/** What a person sets for everybody: the pace of idle workers, and a standing request to all residents. */
export const standingOperations = {
  set_pace: operation({
    title: 'Set the pace, 0 to 300 seconds',
    ...{ lan: 'never', refusals: ['VIV_INVALID_INPUT'], output: Pace },
    input: z.looseObject({ wait_seconds: z.unknown() }),
    run: (world, { wait_seconds }) => setPace(world, wait_seconds),
  }),
  set_request: operation({
    title: 'Set the standing request; empty takes it back',
    ...{ lan: 'never', refusals: ['VIV_INVALID_INPUT'] },
    input: z.object({ request: Text }),
    output: z.object({ updated_at: z.string() }),
    async run(world, { request }, actor) {
      const updated_at = world.clock.now().toISOString();
      await world.backend.documents.put(STANDING, { request, updated_at });
      note(world, 'human_request', request, actor);
      return { updated_at };
    },
  }),
  meet_request: operation({
    title: 'Mark a request as met',
    ...{ lan: 'never', refusals: ['VIV_INVALID_INPUT', 'VIV_NO_REQUEST'] },
    input: z.object({ request: Text.optional() }),
    output: Met,
    async run(world, { request }, actor) {
      const met = await meet(world, request);
      note(world, 'request_completed', met.request, actor);
      return met;
    },
  }),
};

/** The person's standing request; empty when there is none. */
export async function standingRequest(documents: Documents): Promise<z.output<typeof Standing>> {
  return (await documents.get(STANDING, Standing)) ?? { request: '' };
}

/** Requests that were met, newest first. */
export async function metRequests(documents: Documents): Promise<z.output<typeof MetRequests>> {
  return (await documents.get(COMPLETED, MetRequests)) ?? [];
}

/** The pace of idle workers; `updated_at` is null where nobody has set one. */
export async function standingPace(documents: Documents): Promise<z.output<typeof KeptPace>> {
  const { wait_seconds = DEFAULT_WAIT_SECONDS, updated_at = null } = (await documents.get(PACE, KeptPace)) ?? {};
  return { wait_seconds: clampedPace(wait_seconds), updated_at };
}

const clampedPace = (seconds: number): number => Math.min(MAX_WAIT_SECONDS, Math.max(0, seconds));

async function setPace({ backend, clock }: World, given: unknown) {
  const seconds = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw new InvalidInputError('The pace was not saved', [{ field: 'wait_seconds', message: 'wait_seconds must be a number' }]);
  const pace = { wait_seconds: clampedPace(seconds), updated_at: clock.now().toISOString() };
  await backend.documents.put(PACE, pace);
  return pace;
}

function note({ activity }: World, action: string, detail: string, actor: Actor): void {
  activity.note({ actor: loggedAs(actor), action_type: 'SOCIAL', action, detail });
}

async function meet(world: World, given: string | undefined) {
  const { documents } = world.backend;
  const found = await standingRequest(documents);
  const request = (given ?? found.request).trim();
  if (request === '') throw new NoRequestError('No request text', { fix: 'Say which request was met' });
  const now = world.clock.now();
  const started_at = found.updated_at ?? null;
  const duration = started_at === null ? null : durationOf(now.getTime() - Date.parse(started_at));
  const met = { request, completed_at: now.toISOString(), started_at, duration };
  await documents.update(COMPLETED, MetRequests, (former = []) => [met, ...former].slice(0, KEPT));
  if (found.request.trim() === request) await documents.put(STANDING, { request: '', updated_at: met.completed_at });
  return met;
}

/** Minutes below an hour, hours below a day, else days. */
function durationOf(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(0, Math.floor(ms / 60_000))} min`;
  if (ms < 24 * HOUR_MS) return `${(ms / HOUR_MS).toFixed(1)} hrs`;
  return `${Math.floor(ms / (24 * HOUR_MS))} days`;
}
