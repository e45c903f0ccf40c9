import type { BudgetState } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { usd } from '../shape.ts';
import { inBareWorld } from '../world.ts';

/** budget show and reset: money since the last reset. */
export function addBudget(program: Command, door: Door): void {
  const budget = program.command('budget').description('what was spent, and starting the count anew');
  door.asks<[]>(budget.command('show').description('cap, spent and reserved money'), 'show_budget', (output) =>
    inBareWorld(async ({ costs }) => show(output, (await costs()).state())),
  );
  const reset = budget.command('reset').description('start the count anew; running calls keep their reservations');
  door.decides(reset, 'budget_reset', {
    input: () => ({}),
    show: ({ output, world: { money }, answer: { freed } }) => {
      if (freed > 0) output.say(`${freed} tasks that waited for money go on`);
      money.refresh();
      show(output, money.state());
    },
  });
}

function show(output: Output, state: BudgetState): number {
  const { cap_usd, spent_usd, reserved_usd } = state;
  const since = state.since === '' ? '' : `\nsince:    ${state.since}`;
  output.result({ ...state }, `cap:      ${usd(cap_usd)}\nspent:    ${usd(spent_usd)}\nreserved: ${usd(reserved_usd)}${since}`);
  return EXIT.done;
}
