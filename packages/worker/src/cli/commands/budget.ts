import {
  type BudgetState,
  type Config,
  endBudgetHolds,
  openBudgetLedger,
  readBudget,
  systemClock,
  type WorkspacePaths,
  workspacePaths,
} from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { usd } from '../shape.ts';
import { inWorld } from '../world.ts';

/** budget show and reset: money since the last reset. */
export function addBudget(program: Command, act: Act): void {
  const budget = program.command('budget').description('what was spent, and starting the count anew');
  withOutput(budget.command('show').description('cap, spent and reserved money')).action(
    act<[]>(async (output) => {
      const config = readConfig();
      return show(output, await budgetNow(workspacePaths(config.workspace), config));
    }),
  );
  withOutput(budget.command('reset').description('start the count anew; running calls keep their reservations')).action(
    act<[]>((output) => reset(output)),
  );
}

/** The state of the money from the ledger's own lines; needs no API. */
export function budgetNow(paths: WorkspacePaths, config: Config): Promise<BudgetState> {
  return readBudget(paths, config.budgetLimitUsd);
}

async function reset(output: Output): Promise<number> {
  const config = readConfig();
  const paths = workspacePaths(config.workspace);
  const { cap_usd } = await budgetNow(paths, config);
  const ledger = await openBudgetLedger({ paths, capUsd: cap_usd, clock: systemClock });
  try {
    await ledger.reset('person');
    const ended = await inWorld(({ store }) => endBudgetHolds(store, 'person'));
    if (ended > 0) output.say(`${ended} tasks that waited for money go on`);
    return show(output, ledger.state());
  } finally {
    await ledger.close();
  }
}

function show(output: Output, state: BudgetState): number {
  const { cap_usd, spent_usd, reserved_usd } = state;
  const since = state.since === '' ? '' : `\nsince:    ${state.since}`;
  output.result({ ...state }, `cap:      ${usd(cap_usd)}\nspent:    ${usd(spent_usd)}\nreserved: ${usd(reserved_usd)}${since}`);
  return EXIT.done;
}
