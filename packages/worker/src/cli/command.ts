import type { Command } from 'commander';
import { consoleOutput, type Output } from './output.ts';

/** What a command does; resolves to its exit code. */
export type Work<A extends readonly (string | undefined)[], O> = (output: Output, options: O, ...args: A) => Promise<number>;

/** Turns a command's work into commander's action: opens the output and hands the exit code on. */
export type Act = <A extends readonly (string | undefined)[], O = object>(
  work: Work<A, O>,
) => (...args: unknown[]) => Promise<void>;

export const withOutput = (command: Command): Command =>
  command.option('--json', 'print JSON on stdout: one object, or one per line for lists');

/** @param finish hears the exit code of the command that ran */
export function actWith(finish: (code: number) => void): Act {
  return <A extends readonly (string | undefined)[], O>(work: Work<A, O>) =>
    async (...given: unknown[]) => {
      // commander passes the arguments, then the options, then the command itself.
      const options = given.at(-2) as O & { json?: boolean };
      const args = given.slice(0, -2) as unknown as A;
      finish(await work(consoleOutput(options.json === true), options, ...args));
    };
}
