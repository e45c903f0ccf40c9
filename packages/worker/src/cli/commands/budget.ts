import { type BudgetState, endBudgetHolds, openBudgetLedger } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { usd } from '../shape.ts';
import { inBareWorld, inWorld } from '../world.ts';

/** budget show and reset: money since the last reset. */
export function addBudget(program: Command, act: Act): void {
  const budget = program.command('budget').description('what was spent, and starting the count anew');
  withOutput(budget.command('show').description('cap, spent and reserved money')).action(
    act<[]>((output) => inBareWorld(async ({ costs }) => show(output, (await costs()).state()))),
  );
  withOutput(budget.command('reset').description('start the count anew; running calls keep their reservations')).action(
    act<[]>((output) => reset(output)),
  );
}

async function reset(output: Output): Promise<number> {
  return inWorld(async ({ backend, store, money }) => {
    // The cap in force stays; only the configured one of a starting API replaces it.
    const ledger = await openBudgetLedger({ backend, capUsd: money.state().cap_usd });
    try {
      await ledger.reset('person');
      const ended = await endBudgetHolds(store, 'person');
      if (ended > 0) output.say(`${ended} tasks that waited for money go on`);
      return show(output, ledger.state());
    } finally {
      await ledger.close();
    }
  });
}

function show(output: Output, state: BudgetState): number {
  const { cap_usd, spent_usd, reserved_usd } = state;
  const since = state.since === '' ? '' : `\nsince:    ${state.since}`;
  output.result({ ...state }, `cap:      ${usd(cap_usd)}\nspent:    ${usd(spent_usd)}\nreserved: ${usd(reserved_usd)}${since}`);
  return EXIT.done;
}
