import { Command, CommanderError } from 'commander';
import { type Door, doorWith } from './cli/command.ts';
import { EXIT } from './cli/exit.ts';
import { printErr, printJson, printOut, reportError } from './cli/output.ts';

/** Run one command line (without `node` and the script). Resolves to the exit code; never throws. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  try {
    const program = build(await commandsFor(args[0]), (exit) => {
      code = exit;
    });
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return usageExit(error, args.includes('--json'));
    return reportError(error, args.includes('--json'));
  }
}

type AddCommand = (program: Command, door: Door) => void;

/** A worker lives long, and scripts call `add` often: neither loads the other commands. */
async function commandsFor(name: string | undefined): Promise<readonly AddCommand[]> {
  if (name === 'run') return [(await import('./cli/commands/run.ts')).addRun];
  if (name === 'add') return [(await import('./cli/commands/add.ts')).addAdd];
  return (await import('./cli/commands/all.ts')).ALL_COMMANDS;
}

/** The command line of some commands; `finish` hears the exit code of the one that ran. */
export function build(commands: readonly AddCommand[], finish: (code: number) => void): Command {
  const program = new Command('worker');
  program
    .description('Vivarium: add tasks, run a worker, decide, and see what happens')
    .usage('<command> [options]')
    .showHelpAfterError('(see: pnpm worker --help)')
    .exitOverride()
    .configureOutput({ writeOut: printOut, writeErr: printErr })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 3 not found or nothing to do, 4 refused by safety, 5 refused by budget',
    );
  const door = doorWith(finish);
  for (const add of commands) add(program, door);
  return program;
}

/** There is no such command, argument or option. */
const USAGE = 'VIV_USAGE';

/** Help that was asked for is done; everything else commander refuses is usage. */
function usageExit(error: CommanderError, json: boolean): number {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return EXIT.done;
  if (json) printJson({ error: error.message, code: USAGE });
  return EXIT.usage;
}
