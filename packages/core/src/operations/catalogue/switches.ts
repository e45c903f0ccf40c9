import { z } from 'zod';
import { type Actor, loggedAs } from '../../contract/actor.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';

const Why = z.strictObject({ reason: z.string().trim().max(500).optional() });
const Thrown = z.object({ state: z.enum(['running', 'paused', 'halted']), reason: z.string() });

/** What the switches need; `activity` is absent where a world of another version is only stopped. */
type SwitchWorld = Pick<World, 'switches'> & Partial<Pick<World, 'activity'>>;
type Verb = 'halt' | 'pause' | 'resume';

/** The two files that every process of this workspace looks at. */
export const switchOperations = {
  halt: operation({
    title: 'Stop at once: abort calls, kill commands, claim nothing',
    ...{ lan: 'stop', refusals: [], input: Why, output: Thrown },
    run: (world, { reason }, actor) => throwSwitch(world, 'halt', reason, actor),
  }),
  pause: operation({
    title: 'Let running work finish and start nothing new',
    ...{ lan: 'stop', refusals: [], input: Why, output: Thrown },
    run: (world, { reason }, actor) => throwSwitch(world, 'pause', reason, actor),
  }),
  resume: operation({
    title: 'Go on after a halt or a pause',
    ...{ lan: 'stop', refusals: [], input: Why, output: Thrown },
    run: (world, { reason }, actor) => throwSwitch(world, 'resume', reason, actor),
  }),
  toggle_stop: operation({
    title: 'Halt when running, resume when halted',
    ...{ lan: 'never', refusals: [], input: z.object({}), output: Thrown },
    run: (world, _input, actor) =>
      world.switches.state() === 'halted'
        ? throwSwitch(world, 'resume', '', actor)
        : throwSwitch(world, 'halt', 'Halted in the control panel', actor),
  }),
};

/** Whoever wants to stop a world must be able to, so this needs no more of it than its switches. */
export async function throwSwitch(
  { switches, activity }: SwitchWorld,
  verb: Verb,
  why: string | undefined,
  actor: Actor,
): Promise<z.output<typeof Thrown>> {
  const by = { reason: why ?? '', actor: loggedAs(actor) };
  await (verb === 'resume' ? switches.resume() : switches[verb](by));
  activity?.note({ actor: by.actor, action_type: 'SYSTEM', action: verb, detail: by.reason });
  const { state, reason } = switches.reason();
  return { state, reason };
}
