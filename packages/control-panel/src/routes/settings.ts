import { CATALOGUE, standingPace } from '@vivarium/core';
import { groqKey } from '../files/groq-key.ts';
import { done, route } from '../http/route.ts';
import { KeyState, Pace, PaceSaved } from '../protocol/running.ts';
import { PERSON, type World } from '../world/world.ts';
import { does } from './does.ts';

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
      run: () => standingPace(world.documents),
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
