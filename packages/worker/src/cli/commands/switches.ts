import { loadConfig, type Switches } from '@vivarium/core';
import { openSwitches } from '@vivarium/world';
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
        return thrown(output, (switches) => switches.halt({ reason: reason ?? '', actor: 'person' }));
      }),
    );
  withOutput(program.command('pause').description('let running work finish and take nothing new'))
    .option('--reason <text>', 'why')
    .action(
      act<[], { reason?: string }>(async (output, { reason }) => {
        return thrown(output, (switches) => switches.pause({ reason: reason ?? '', actor: 'person' }));
      }),
    );
  withOutput(program.command('resume').description('take work again after halt or pause')).action(
    act<[]>((output) => thrown(output, (switches) => switches.resume())),
  );
}

async function thrown(output: Output, act: (switches: Switches) => Promise<void>): Promise<number> {
  const switches = openSwitches(loadConfig());
  await act(switches);
  const state = switches.reason();
  output.result({ switch: state.state, reason: state.reason }, `the world is ${state.state}`);
  return EXIT.done;
}
