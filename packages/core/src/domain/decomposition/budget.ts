/** Budgets of one task in US dollars. */
export interface TaskBudget {
  readonly min_budget: number;
  readonly max_budget: number;
}

const MICRO = 1_000_000;

/**
 * A parent's budget in `count` shares of whole micro-dollars. The least is at most the most; the sums of both are never
 * more than the parent's.
 */
export function splitBudget(budget: TaskBudget, count: number): TaskBudget[] {
  const most = Math.max(0, budget.max_budget);
  const least = Math.max(0, Math.min(budget.min_budget, most));
  const mosts = shares(most, count, false);
  const leasts = shares(least, count, true);
  return mosts.map((max_budget, index) => ({ min_budget: Math.min(leasts[index] ?? 0, max_budget), max_budget }));
}

/** Equal shares; with `spread`, what rounding leaves over goes to the first ones, a micro-dollar each. */
function shares(amount: number, count: number, spread: boolean): number[] {
  const micros = Math.floor(amount * MICRO + 1e-6);
  const each = Math.floor(micros / count);
  const over = spread ? micros - each * count : 0;
  return Array.from({ length: count }, (_, index) => (each + (index < over ? 1 : 0)) / MICRO);
}
