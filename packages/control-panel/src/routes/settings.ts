import { CATALOGUE, clampedPace } from '@vivarium/core';
import { z } from 'zod';
import { groqKey } from '../files/groq-key.ts';
import { done, route } from '../http/route.ts';
import { KeyState, Pace, PaceSaved } from '../protocol/running.ts';
import { PERSON, type World } from '../world/world.ts';
import { does } from './does.ts';

const PACE = '.swarm/runtime_speed.json';
const DEFAULT_WAIT_SECONDS = 2;
const Kept = z.looseObject({ wait_seconds: z.number(), updated_at: z.string().nullable().default(null) });

/** The pace of an idle worker and the provider's key. */
export function settingsRoutes(world: World) {
  return [...pace(world), ...providerKey(world)];
}

function pace(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/runtime_speed',
      entry: 'show_pace',
      answer: Pace,
      run: () => readPace(world),
    }),
    does(world, 'set_pace', {
      method: 'post',
      path: '/api/runtime_speed',
      named: {},
      answer: PaceSaved,
      show: (pace) => done({ ...pace }),
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
      entry: 'show_groq_key',
      answer: KeyState,
      run: () => key.state(),
    }),
    route({
      method: 'post',
      path: '/api/groq_key',
      entry: 'save_groq_key',
      body: CATALOGUE.save_groq_key.input,
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
      entry: 'remove_groq_key',
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
  return { wait_seconds: clampedPace(pace?.wait_seconds ?? DEFAULT_WAIT_SECONDS), updated_at: pace?.updated_at ?? null };
}
