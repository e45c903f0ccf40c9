import { OPEN_STATUSES } from '@vivarium/core';
import { z } from 'zod';
import { done, route } from '../http/route.ts';
import { budgetView } from '../presenters/rows.ts';
import type { Projections } from '../projections/projections.ts';
import { BudgetReset, ModelsAnswer, SpendAnswer, TrendAnswer } from '../protocol/money.ts';
import { modelsAnswer } from '../upstream/model-list.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const POINTS = 120;

const Since = z.object({
  days: z.coerce.number().int().min(0).max(3650).default(30).describe('How many days back; 0 is everything'),
});
const Hours = z.object({ hours: z.coerce.number().min(0.25).max(168).default(6) });

/** Where the money went, how it runs, and starting the count anew. */
export function budgetRoutes(world: World, projections: Projections) {
  return [
    route({
      method: 'get',
      path: '/api/budget/spend',
      entry: 'show_spend',
      query: Since,
      answer: SpendAnswer,
      run: async ({ query }) => {
        await projections.catchUp();
        return done({ ...projections.spend.report(firstDay(world, query.days)) });
      },
    }),
    route({
      method: 'get',
      path: '/api/trend',
      entry: 'show_trend',
      query: Hours,
      answer: TrendAnswer,
      run: ({ query }) => trend(world, projections, query.hours),
    }),
    route({
      method: 'get',
      path: '/api/models',
      entry: 'list_models',
      answer: ModelsAnswer,
      run: () => modelsAnswer(world.config),
    }),
    does(world, 'budget_reset', {
      method: 'post',
      path: '/api/budget/reset',
      named: {},
      answer: BudgetReset,
      show: () => {
        world.budget.refresh();
        return done({ ...budgetView(world.budget.state()) });
      },
    }),
  ];
}

function firstDay(world: World, days: number): string {
  if (days === 0) return '';
  return new Date(world.now().getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
}

function trend(world: World, { spend, throughput, complete }: Projections, hours: number): TrendAnswer {
  world.budget.refresh();
  const { cap_usd, spent_usd, since } = world.budget.state();
  const step = Math.max(1, Math.ceil((hours * 60) / POINTS)) * MINUTE_MS;
  const to = (Math.floor(world.now().getTime() / step) + 1) * step;
  const from = to - Math.ceil((hours * 60 * MINUTE_MS) / step) * step;
  const counts = world.store.counts();
  const open = OPEN_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  const steps = throughput.steps(from, to, step, open);
  const costs = spend.spentIn(from, to, step);
  // Counted back from what is spent at this moment, so that the curve ends where the ledger stands.
  const spent: number[] = new Array(costs.length);
  let left = spent_usd;
  for (let index = costs.length - 1; index >= 0; index -= 1) {
    const end = from + (index + 1) * step;
    spent[index] = since !== '' && end <= Date.parse(since) ? 0 : Math.max(0, left);
    left -= costs[index] ?? 0;
  }
  const points = steps.map((each, index) => ({ ...each, spent_usd: Math.round((spent[index] ?? 0) * 1e6) / 1e6 }));
  return done({ step_ms: step, cap_usd, points, complete: complete() });
}
