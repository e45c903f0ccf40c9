/** What a task may cost its residents in tokens before thrift has anything to give back. */
const BASELINE_TOKENS = 50;
const GOOD_QUALITY = 0.85;
/** Twenty tasks on file, half of them of either week: fewer say nothing. */
const TASKS_A_WEEK = 10;

/** Half of what a task stayed under the baseline belongs to the efficiency pool. */
export function poolShare(tokens_spent: number): number {
  return Math.floor(savingsOf(tokens_spent) / 2);
}

/** What good work under the baseline gives back to who did it and to the guild, quality 0..1. The guild's part yields first. */
export function qualityRefund(
  quality: number,
  tokens_spent: number,
  collaborators: number,
): { readonly individual: number; readonly guild: number } {
  const savings = savingsOf(tokens_spent);
  if (quality < GOOD_QUALITY || savings === 0) return { individual: 0, guild: 0 };
  const base = savings - poolShare(tokens_spent);
  const individual = Math.floor(base * 0.5 * (collaborators > 1 ? 1.15 : 1) + 1e-9);
  return { individual, guild: Math.max(0, Math.min(Math.floor(base * 0.25), base - individual)) };
}

/**
 * What one approved task gives back, in all never more than was spent on it: otherwise a token spent on anything would
 * bring more than it cost. The resident comes first, then the guild, then everybody's pool.
 */
export function returnsOf({
  quality,
  spent,
  collaborators,
  in_guild,
}: {
  readonly quality: number;
  readonly spent: number;
  readonly collaborators: number;
  readonly in_guild: boolean;
}): { readonly individual: number; readonly guild: number; readonly pooled: number } {
  const refund = qualityRefund(quality, spent, collaborators);
  const individual = Math.min(refund.individual, spent);
  const guild = in_guild ? Math.min(refund.guild, spent - individual) : 0;
  return { individual, guild, pooled: Math.min(poolShare(spent), spent - individual - guild) };
}

/** What each participant gets when a task of a week took fewer tokens than one of the week before, and how many were saved. */
export function weeklyBonus(
  week: readonly number[],
  before: readonly number[],
): { readonly bonus: 0 | 25 | 50; readonly saved: number } {
  if (week.length < TASKS_A_WEEK || before.length < TASKS_A_WEEK) return { bonus: 0, saved: 0 };
  const fewer = mean(before) - mean(week);
  const share = fewer / mean(before);
  const bonus = share >= 0.2 - 1e-9 ? 50 : share >= 0.1 - 1e-9 ? 25 : 0;
  return { bonus, saved: bonus === 0 ? 0 : Math.floor(fewer * week.length + 1e-9) };
}

const savingsOf = (tokens_spent: number): number => Math.max(0, BASELINE_TOKENS - tokens_spent);
const mean = (all: readonly number[]): number => (all.length === 0 ? 0 : all.reduce((sum, one) => sum + one, 0) / all.length);
