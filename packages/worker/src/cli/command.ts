import { asOwner, type EntryName, type InputOf, type OperationName, type OutputOf, perform, type World } from '@vivarium/core';
import type { Command } from 'commander';
import { EXIT } from './exit.ts';
import { consoleOutput, type Output } from './output.ts';
import { inBareWorld, inWorld, type TaskWorld } from './world.ts';

/** A command that changes something: how its words become the input of an operation, and how what came of it is shown; a number is the exit code. */
interface Doing<N extends OperationName, A extends readonly (string | undefined)[], O, W> {
  readonly input: (options: O, ...args: A) => InputOf<N>;
  readonly show: (shown: { output: Output; world: W; answer: OutputOf<N>; input: InputOf<N> }) => unknown;
}

type Does<W> = <N extends OperationName, A extends readonly (string | undefined)[], O = object>(
  command: Command,
  operation: N,
  doing: Doing<N, A, O, W>,
) => void;

/** The one way to make a command: it names what it is of the catalogue, and knows `--json` like every other. */
export interface Door {
  asks<A extends readonly (string | undefined)[], O = object>(
    command: Command,
    entry: EntryName,
    work: (output: Output, options: O, ...args: A) => Promise<number> | number,
  ): void;
  does: Does<World>;
  /** The same where it concerns tasks. */
  decides: Does<TaskWorld>;
}

const entries = new WeakMap<Command, EntryName>();
/** What a command is of the catalogue. */
export const entryOf = (command: Command): EntryName | undefined => entries.get(command);

/** @param finish hears the exit code of the command that ran */
export function doorWith(finish: (code: number) => void): Door {
  const asks: Door['asks'] = (command, entry, work) => {
    entries.set(command, entry);
    command.option('--json', 'print JSON on stdout: one object, or one per line for lists');
    command.action(async (...given: unknown[]) => {
      // commander passes the arguments, then the options, then the command itself.
      const options = given.at(-2) as Parameters<typeof work>[1] & { json?: boolean };
      const args = given.slice(0, -2) as never;
      finish(await work(consoleOutput(options.json === true), options, ...args));
    });
  };
  const within =
    <W extends World>(open: (work: (world: W) => Promise<number>) => Promise<number>): Does<W> =>
    (command, operation, { input: inputOf, show }) =>
      asks(command, operation, (output, options, ...args) =>
        open(async (world) => {
          const input = inputOf(options as never, ...(args as never));
          const shown = await show({ output, world, input, answer: await perform(world, operation, input, asOwner) });
          return typeof shown === 'number' ? shown : EXIT.done;
        }),
      );
  return { asks, does: within(inBareWorld), decides: within(inWorld) };
}
