import type { SuiteRun } from '../suites/index.ts';

const MOST_NAMES = 12;

/** Some names, the first ones written out. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => JSON.stringify(name))
    .join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** Why a run shows nothing of its tests; undefined when its names can be compared. */
export function unusable(run: SuiteRun): string | undefined {
  const { over_limit: over } = run;
  if (over) return `it was stopped: ${over.limit} went to ${over.value}, ${over.allowed} is allowed`;
  if (run.timed_out) return 'it took too long and was stopped';
  return run.report === 'ok' ? undefined : `${run.detail} (it ended with ${run.exit_code})`;
}
