import { z } from 'zod';
import { done, route } from '../http/route.ts';
import { stopStatus, switchView } from '../presenters/views.ts';
import { StopStatus, SwitchAnswer } from '../protocol/running.ts';
import { PERSON, type World } from '../world/world.ts';

const Reason = z.strictObject({ reason: z.string().trim().max(500).optional() });
const VERBS = [
  ['halt', 'Stop at once: abort calls, kill commands, claim nothing'],
  ['pause', 'Let running work finish and start nothing new'],
  ['resume', 'Go on after a halt or a pause'],
] as const;

/** Halt, pause and resume: the same two files that the command line uses. */
export function controlRoutes(world: World) {
  const verbs = VERBS.map(([verb, summary]) =>
    route({
      method: 'post',
      path: `/api/${verb}`,
      summary,
      body: Reason,
      answer: SwitchAnswer,
      run: async ({ body }) => {
        await throwSwitch(world, verb, body.reason ?? '');
        return done({ ...switchView(world) });
      },
    }),
  );
  return [
    ...verbs,
    route({
      method: 'get',
      path: '/api/stop_status',
      summary: 'Is everything halted?',
      answer: StopStatus,
      run: () => stopStatus(world),
    }),
    route({
      method: 'post',
      path: '/api/toggle_stop',
      summary: 'Halt when running, resume when halted',
      answer: StopStatus,
      run: async () => {
        const { stopped } = stopStatus(world);
        await throwSwitch(world, stopped ? 'resume' : 'halt', stopped ? '' : 'Halted in the control panel');
        return stopStatus(world);
      },
    }),
  ];
}

async function throwSwitch(world: World, verb: (typeof VERBS)[number][0], reason: string): Promise<void> {
  const by = { reason, actor: PERSON };
  if (verb === 'halt') await world.switches.halt(by);
  else if (verb === 'pause') await world.switches.pause(by);
  else await world.switches.resume();
  world.activity.note({ actor: PERSON, action_type: 'SYSTEM', action: verb, detail: reason });
}
