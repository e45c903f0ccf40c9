import type { CampaignResult } from './campaign.ts';
import { PROMISES } from './check/found.ts';
import { BREAKS } from './mutants.ts';
import { INJURY_KINDS } from './schedule.ts';

/** `docs/faults.md` from one campaign. */
export function pageOf(result: CampaignResult, { minutes, seed, at }: { minutes: number; seed: number; at: Date }): string {
  const { injuries, skipped, found } = result;
  const total = [...injuries.values()].reduce((sum, times) => sum + times, 0);
  const hurt = INJURY_KINDS.map((kind) => [kind, skipped[kind] ?? number(injuries.get(kind) ?? 0)] as const);
  const violations = (promise: string) => found.violations.filter((one) => one.promise === promise).length;
  return `# Broken on purpose

Written by \`pnpm faults --minutes ${minutes} --seed ${seed} --page docs/faults.md\` on ${at.toISOString().slice(0, 10)}.

The command starts a world of real processes (API, workers, panel, a trader who works in the society), gives it tasks, tasks in steps,
bounties and a small cap, and injures it in every way below at once: the same seed gives the same injuries. Afterwards it heals the world and
lets a checker look at what is left. The checker reads nothing but the logs and files and shares no code with what wrote them.

## ${number(total)} injuries in ${minutes} minutes

${table(['injury', 'times'], hurt)}

## What the checker looked at

${table(
  ['', 'count'],
  Object.entries(found.figures).map(([name, value]) => [name, typeof value === 'number' ? number(value) : value]),
)}

## Promises broken

${table(
  ['promise', 'violations'],
  PROMISES.map((promise) => [promise, number(violations(promise))]),
)}

## Planted bugs

\`pnpm faults --minutes 0.6 --seed 5 --mutant <name>\` plants a bug in a copy of the sources and lets the same checker look for it.
\`VIVARIUM_FAULTS=full npm test -- --project faults\` runs all of them and asks that each is caught by the promise it breaks.

${table(['bug', 'promise that catches it'], Object.entries(BREAKS))}
`;
}

const number = (value: number): string => value.toLocaleString('en-US');

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  return [`| ${head.join(' | ')} |`, '| --- | ---: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}
