import type { ReservationRequest } from '../../ports/budget.ts';
import { floorNano } from './money.ts';

/** A purse that pays for a call: the whole run, one task, one identity. */
export interface Level {
  readonly name: 'run' | 'task' | 'identity';
  /** Distinguishes purses: `run`, `task:<id>`, `identity:<id>`. */
  readonly key: string;
  /** Nano-dollars. */
  readonly cap: number;
}

export type Money = {
  readonly [K in 'task_id' | 'identity_id' | 'task_cap_usd' | 'identity_cap_usd']?: ReservationRequest[K] | undefined;
};

/** Every capped purse a call draws on at once. A task or identity without a cap draws on the run alone. */
export function levelsOf(runCap: number, money: Money): Level[] {
  const levels: Level[] = [{ name: 'run', key: 'run', cap: runCap }];
  if (money.task_id !== undefined && money.task_cap_usd !== undefined)
    levels.push({ name: 'task', key: `task:${money.task_id}`, cap: floorNano(money.task_cap_usd) });
  if (money.identity_id !== undefined && money.identity_cap_usd !== undefined)
    levels.push({ name: 'identity', key: `identity:${money.identity_id}`, cap: floorNano(money.identity_cap_usd) });
  return levels;
}
