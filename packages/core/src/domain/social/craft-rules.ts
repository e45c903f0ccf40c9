/** What a skill is worth to those from whose work it was made. Each mark is a check that passed, never the maker's word. */
export function skillReward(marks: { readonly described: boolean; readonly tested: boolean; readonly typed?: boolean }): number {
  return 75 + (marks.described ? 25 : 0) + (marks.typed ? 25 : 0) + (marks.tested ? 25 : 0);
}

/** What a use by somebody else is worth: 50 for each new user, then 10 while there were fewer than five uses in all. */
export function skillUseReward(first_of_user: boolean, uses_before: number): number {
  if (first_of_user) return 50;
  return uses_before < 5 ? 10 : 0;
}

/** For a juror who turned down what the tests turned down as well. */
export const BUG_CAUGHT_REWARD = 75;
