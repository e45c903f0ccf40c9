/** What making a tool is worth, once it is validated. Each mark is a check that passed, never the maker's word. */
export function toolReward(marks: {
  readonly docstrings: boolean;
  readonly type_hints: boolean;
  readonly tests: boolean;
}): number {
  return 75 + (marks.docstrings ? 25 : 0) + (marks.type_hints ? 25 : 0) + (marks.tests ? 25 : 0);
}

/** What a use by somebody else is worth: 50 for each new user, then 10 while there were fewer than five uses in all. */
export function toolUseReward(first_of_user: boolean, uses_before: number): number {
  if (first_of_user) return 50;
  return uses_before < 5 ? 10 : 0;
}

export function testReward(test: {
  readonly assertions: number;
  readonly critical: boolean;
  readonly docstring: boolean;
}): number {
  return 30 + Math.min(50, 5 * Math.max(0, test.assertions)) + (test.critical ? 25 : 0) + (test.docstring ? 15 : 0);
}

export const BUG_CAUGHT_REWARD = 75;

/** Two tokens for each point of coverage gained. */
export function coverageReward(percent_points: number): number {
  return Math.max(0, Math.floor(2 * percent_points));
}

const BASELINE_TOKENS = 50;

/** Half of what a task stayed under the baseline goes to the efficiency pool. */
export function efficiencyShare(tokens_spent: number): number {
  return Math.floor(Math.max(0, BASELINE_TOKENS - tokens_spent) / 2);
}

/** What good work under the baseline gives back to who did it and to the guild. Quality counts from 0.85. */
export function qualityRefund(
  quality: number,
  tokens_spent: number,
  collaborators: number,
): { individual: number; guild: number } {
  const savings = Math.max(0, BASELINE_TOKENS - tokens_spent);
  if (quality < 0.85 || savings === 0) return { individual: 0, guild: 0 };
  const base = savings - efficiencyShare(tokens_spent);
  const individual = Math.floor(base * 0.5 * (collaborators > 1 ? 1.15 : 1) + 1e-9);
  return { individual, guild: Math.max(0, Math.min(Math.floor(base * 0.25), base - individual)) };
}

export type RewardMark = 'standard' | 'efficient' | 'quality' | 'novel' | 'exceptional' | 'breakthrough';
export const REWARD_MULTIPLIERS: Readonly<Record<RewardMark, number>> = {
  standard: 1,
  efficient: 1.5,
  quality: 1.3,
  novel: 2,
  exceptional: 3,
  breakthrough: 5,
};
