import { Command, CommanderError } from 'commander';
import { actWith } from './command.ts';
import { addAdd } from './commands/add.ts';
import { addBudget } from './commands/budget.ts';
import { addDecisions } from './commands/decisions.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEconomy } from './commands/economy.ts';
import { addList } from './commands/list.ts';
import { addRun } from './commands/run.ts';
import { addShow } from './commands/show.ts';
import { addStatus } from './commands/status.ts';
import { addSwitches } from './commands/switches.ts';
import { EXIT } from './exit.ts';
import { reportError } from './output.ts';

/** Run one command line (without `node` and the script). Resolves to the exit code; never throws. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  const program = build((exit) => {
    code = exit;
  });
  try {
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

function build(finish: (code: number) => void): Command {
  const program = new Command('worker');
  program
    .description('Vivarium: add tasks, run a worker, decide, and see what happens')
    .usage('<command> [options]')
    .showHelpAfterError('(see: pnpm worker --help)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 3 not found or nothing to do, 4 refused by safety, 5 refused by budget',
    );
  const act = actWith(finish);
  for (const add of [addAdd, addRun, addList, addShow, addStatus, addDecisions, addSwitches, addDoctor, addBudget, addEconomy])
    add(program, act);
  return program;
}

/** Help that was asked for is done; everything else commander refuses is usage. */
function usageExit(error: CommanderError, json: boolean): number {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return EXIT.done;
  if (json) process.stdout.write(`${JSON.stringify({ error: error.message, code: 'VIV_USAGE' })}\n`);
  return EXIT.usage;
}
