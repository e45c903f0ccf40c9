import { InvalidInputError } from '@vivarium/core';
import { z } from 'zod';
import { groqKey } from '../files/groq-key.ts';
import { done, route } from '../http/route.ts';
import { KeyState, Pace, PaceSaved } from '../protocol/running.ts';
import { PERSON, type World } from '../world/world.ts';

const PACE = '.swarm/runtime_speed.json';
const DEFAULT_WAIT_SECONDS = 2;
const MAX_WAIT_SECONDS = 300;
const Kept = z.looseObject({ wait_seconds: z.number(), updated_at: z.string().nullable().default(null) });
const Speed = z.looseObject({ wait_seconds: z.unknown() });
const Key = z.strictObject({ api_key: z.string({ error: 'api_key is required' }) });

/** The pace of an idle worker and the provider's key. */
export function settingsRoutes(world: World) {
  return [...pace(world), ...providerKey(world)];
}

function pace(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/runtime_speed',
      summary: 'The pace of an idle worker',
      answer: Pace,
      run: () => readPace(world),
    }),
    route({
      method: 'post',
      path: '/api/runtime_speed',
      summary: 'Set the pace, 0 to 300 seconds',
      body: Speed,
      answer: PaceSaved,
      run: ({ body }) => savePace(world, body.wait_seconds),
    }),
  ];
}

function providerKey(world: World) {
  const key = groqKey(world.paths.security, world.config.groq.apiKey);
  const note = (action: string) => world.activity.note({ actor: PERSON, action_type: 'SYSTEM', action, detail: '' });
  return [
    route({
      method: 'get',
      path: '/api/groq_key',
      summary: 'Is a Groq key set? Shown masked',
      answer: KeyState,
      run: () => key.state(),
    }),
    route({
      method: 'post',
      path: '/api/groq_key',
      summary: 'Store a Groq key; it is never read back',
      body: Key,
      answer: KeyState,
      run: async ({ body }) => {
        const state = await key.save(body.api_key);
        note('save_groq_key');
        return state;
      },
    }),
    route({
      method: 'delete',
      path: '/api/groq_key',
      summary: 'Remove the stored Groq key',
      answer: KeyState,
      run: async () => {
        const state = await key.remove();
        note('remove_groq_key');
        return state;
      },
    }),
  ];
}

async function readPace(world: World) {
  const pace = await world.documents.get(PACE, Kept);
  return { wait_seconds: clamp(pace?.wait_seconds ?? DEFAULT_WAIT_SECONDS), updated_at: pace?.updated_at ?? null };
}

async function savePace(world: World, given: unknown) {
  const seconds = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw new InvalidInputError('The pace was not saved', [{ field: 'wait_seconds', message: 'wait_seconds must be a number' }]);
  const pace = { wait_seconds: clamp(seconds), updated_at: world.now().toISOString() };
  await world.documents.put(PACE, pace);
  return done({ ...pace });
}

function clamp(seconds: number): number {
  return Math.min(MAX_WAIT_SECONDS, Math.max(0, seconds));
}
