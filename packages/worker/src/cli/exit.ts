/** Exit codes of the command line. 130 and 143 are signals. */
export const EXIT = { done: 0, failed: 1, usage: 2, nothing: 3, safety: 4, budget: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | 130 | 143;
