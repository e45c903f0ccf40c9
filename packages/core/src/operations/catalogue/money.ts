import { z } from 'zod';
import { loggedAs } from '../../contract/actor.ts';
import { openBudgetLedger } from '../../stores/budget/index.ts';
import { endHolds } from '../../stores/task/index.ts';
import { operation } from './entry.ts';

export const moneyOperations = {
  budget_reset: operation({
    title: 'Start counting spend from zero; what running calls reserved stays reserved',
    ...{ lan: 'never', refusals: [], input: z.strictObject({}) },
    output: z.object({ freed: z.number().describe('Tasks that waited for money and go on') }),
    async run(world, _input, actor) {
      const who = loggedAs(actor);
      // The cap in force stays; only the configured one of a starting API replaces it.
      const { backend, config } = world;
      const ledger = await openBudgetLedger({ backend, capUsd: config.budgetLimitUsd, keepCap: true });
      await ledger.reset(who).finally(() => ledger.close());
      const ended = await endHolds(await world.tasks(), who, { kind: 'budget', reason: 'the budget was reset' });
      world.activity.note({ actor: who, action_type: 'BUDGET', action: 'reset_budget', detail: '' });
      return { freed: ended.length };
    },
  }),
};
