/** What a skill is worth to those from whose work it was made. Each mark is a check that passed, never the maker's word. */
export function skillReward(marks: { readonly described: boolean; readonly tested: boolean; readonly typed?: boolean }): number {
  return 75 + (marks.described ? 25 : 0) + (marks.typed ? 25 : 0) + (marks.tested ? 25 : 0);
}

/** What a use by somebody else is worth: 50 for each new user, then 10 while there were fewer than five uses in all. */
export function skillUseReward(first_of_user: boolean, uses_before: number): number {
  if (first_of_user) return 50;
  return uses_before < 5 ? 10 : 0;
}

/** For whoever found what was wrong: a juror whom the tests proved right, or a resident of whom the person says so. */
export const BUG_CAUGHT_REWARD = 75;

/** What writing tests is worth: five for each assertion up to fifty. */
export function testReward(test: {
  readonly assertions: number;
  readonly critical: boolean;
  readonly described: boolean;
}): number {
  return 30 + Math.min(50, 5 * Math.max(0, test.assertions)) + (test.critical ? 25 : 0) + (test.described ? 15 : 0);
}

/** Two tokens for each percentage point of coverage gained. */
export function coverageReward(percent_points: number): number {
  return Math.max(0, Math.floor(2 * percent_points));
}
