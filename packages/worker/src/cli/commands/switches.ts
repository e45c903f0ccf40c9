import { loadConfig, switches, workspacePaths } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';

/** halt, pause, resume: the switches of the workspace. */
export function addSwitches(program: Command, act: Act): void {
  withOutput(program.command('halt').description('stop at once: running calls and commands are aborted, nothing new is taken'))
    .option('--reason <text>', 'why; shown to everyone')
    .action(
      act<[], { reason?: string }>(async (output, { reason }) => {
        await world().halt({ reason: reason ?? '', actor: 'person' });
        return show(output);
      }),
    );
  withOutput(program.command('pause').description('let running work finish and take nothing new'))
    .option('--reason <text>', 'why')
    .action(
      act<[], { reason?: string }>(async (output, { reason }) => {
        await world().pause({ reason: reason ?? '', actor: 'person' });
        return show(output);
      }),
    );
  withOutput(program.command('resume').description('take work again after halt or pause')).action(
    act<[]>(async (output) => {
      world().resume();
      return show(output);
    }),
  );
}

const world = () => switches(workspacePaths(loadConfig().workspace));

function show(output: Output): number {
  const state = world().reason();
  output.result({ switch: state.state, reason: state.reason }, `the world is ${state.state}`);
  return EXIT.done;
}
