import { done, route } from '../http/route.ts';
import { stopStatus, switchView } from '../presenters/views.ts';
import { StopStatus, SwitchAnswer } from '../protocol/running.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

/** Halt, pause and resume: the same two files that the command line uses. */
export function controlRoutes(world: World) {
  const thrown = { method: 'post', named: {}, answer: SwitchAnswer } as const;
  const show = () => done({ ...switchView(world) });
  return [
    does(world, 'halt', { ...thrown, path: '/api/halt', show }),
    does(world, 'pause', { ...thrown, path: '/api/pause', show }),
    does(world, 'resume', { ...thrown, path: '/api/resume', show }),
    route({
      method: 'get',
      path: '/api/stop_status',
      entry: 'show_switch',
      answer: StopStatus,
      run: () => stopStatus(world),
    }),
    does(world, 'toggle_stop', {
      method: 'post',
      path: '/api/toggle_stop',
      named: {},
      answer: StopStatus,
      show: () => stopStatus(world),
    }),
  ];
}
