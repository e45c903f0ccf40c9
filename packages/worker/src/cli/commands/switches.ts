import { asOwner, loadConfig, throwSwitch } from '@vivarium/core';
import { openSwitches, openWorld } from '@vivarium/world';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';

interface Why {
  reason?: string;
}

/** halt, pause, resume: the switches of the workspace. */
export function addSwitches(program: Command, door: Door): void {
  const halt = program.command('halt').description('stop at once: running calls and commands are aborted, nothing new is taken');
  const pause = program.command('pause').description('let running work finish and take nothing new');
  const resume = program.command('resume').description('take work again after halt or pause');
  halt.option('--reason <text>', 'why; shown to everyone');
  door.asks<[], Why>(halt, 'halt', (output, { reason }) => thrown(output, 'halt', reason));
  door.asks<[], Why>(pause.option('--reason <text>', 'why'), 'pause', (output, { reason }) => thrown(output, 'pause', reason));
  door.asks<[]>(resume, 'resume', (output) => thrown(output, 'resume'));
}

/** Of a world that does not open, e.g. that a newer program wrote, the switches are there all the same. */
async function thrown(output: Output, verb: 'halt' | 'pause' | 'resume', why?: string): Promise<number> {
  const config = loadConfig();
  const world = await openWorld(config, { isLocalServer: async () => false }).catch(() => undefined);
  try {
    const { state, reason } = await throwSwitch(world ?? { switches: openSwitches(config) }, verb, why, asOwner);
    output.result({ switch: state, reason }, `the world is ${state}`);
    return EXIT.done;
  } finally {
    await world?.close();
  }
}
