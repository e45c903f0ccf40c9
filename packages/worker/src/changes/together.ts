import { type Examined, examine, type Look } from '@vivarium/changes';
import type { ChangeRecord, ChangesState } from '@vivarium/core';
import type { LookDeps } from './witnesses.ts';

/** What the suites say of several changes put together, against what the branch shows. */
export async function lookTogether(
  deps: LookDeps,
  batch_id: string,
  { tree, base_tree, part }: { tree: string; base_tree: string; part: readonly ChangeRecord[] },
): Promise<Look> {
  const whole: Examined = {
    ...{ change_id: batch_id, kind: 'chore', base_tree, tree: base_tree, entries_sha256: '' },
    files: part.flatMap(({ files }) => files),
    removed_tests: part.flatMap(({ removed_tests }) => removed_tests),
  };
  const seen = await examine(deps, whole, { stage: 'integration', tree, base_tree });
  if (seen.interrupted !== undefined) return { kind: 'interrupted', why: seen.interrupted };
  if (seen.stale !== undefined) return { kind: 'stale', why: seen.stale };
  const failed = seen.checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return { kind: 'green' };
  return {
    kind: 'red',
    why: failed.map(({ rule, suite, detail }) => `${rule}${suite ? ` (${suite})` : ''}: ${detail}`).join('; '),
  };
}

/** How the members of all batches did, oldest first: true for one that passed. */
export const outcomesOf = (batches: ChangesState['batches']): readonly boolean[] =>
  [...batches.values()].flatMap(({ members, at_fault }) => members.map(({ change_id }) => at_fault[change_id] === undefined));
