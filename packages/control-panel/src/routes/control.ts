import { z } from 'zod';
import { route, type TableRoute } from '../http/route.ts';
import { stopStatus, switchView } from '../view/views.ts';
import { PERSON, type World } from '../world.ts';

const Reason = z.strictObject({ reason: z.string().trim().max(500).optional() });

/** Halt, pause and resume: the same two files that the command line uses. */
export function controlRoutes(world: World): readonly TableRoute[] {
  const { switches } = world;
  const by = (reason: string | undefined) => ({ reason: reason ?? '', actor: PERSON });
  const told = (action: string, reason: string | undefined) => {
    world.activity.note({ actor: PERSON, action_type: 'SYSTEM', action, detail: reason ?? '' });
    return { success: true, ...switchView(world) };
  };
  return [
    route({
      method: 'post',
      path: '/api/halt',
      summary: 'Stop at once: abort calls, kill commands, claim nothing',
      body: Reason,
      run: async ({ body }) => {
        await switches.halt(by(body.reason));
        return told('halt', body.reason);
      },
    }),
    route({
      method: 'post',
      path: '/api/pause',
      summary: 'Let running work finish and start nothing new',
      body: Reason,
      run: async ({ body }) => {
        await switches.pause(by(body.reason));
        return told('pause', body.reason);
      },
    }),
    route({
      method: 'post',
      path: '/api/resume',
      summary: 'Go on after a halt or a pause',
      body: Reason,
      run: ({ body }) => {
        switches.resume();
        return told('resume', body.reason);
      },
    }),
    route({ method: 'get', path: '/api/stop_status', summary: 'Is everything halted?', run: () => stopStatus(world) }),
    route({
      method: 'post',
      path: '/api/toggle_stop',
      summary: 'Halt when running, resume when halted',
      run: async () => {
        const { stopped } = stopStatus(world);
        if (stopped) switches.resume();
        else await switches.halt(by('Halted in the control panel'));
        told(stopped ? 'resume' : 'halt', undefined);
        return stopStatus(world);
      },
    }),
  ];
}
