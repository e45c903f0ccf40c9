import { type Examined, examine, type Look } from '@vivarium/changes';
import type { ChangeRecord, ChangesState } from '@vivarium/core';
import type { LookDeps } from './witnesses.ts';

/** So often a red is looked at; a test that passed in one of these looks failed by chance, and nobody is blamed for it. */
const LOOKS_AT_RED = 3;

interface Part {
  readonly tree: string;
  readonly base_tree: string;
  readonly part: readonly ChangeRecord[];
}

/** What the suites say of several changes put together, against what the branch shows. Red is what is red each time. */
export async function lookTogether(deps: LookDeps, batch_id: string, about: Part): Promise<Look> {
  const scope = scopeOf(batch_id, about);
  let seen = await lookOnce(deps, scope, about);
  for (let look = 2; look <= LOOKS_AT_RED && seen.kind === 'red'; look += 1)
    seen = await lookOnce(deps, `${scope}#${look}`, about);
  return seen;
}

/** What was run on a change's own tree on its own base is known of it, also where it is alone in its batch. */
function scopeOf(batch_id: string, { tree, base_tree, part: [first, second] }: Part): string {
  const own = first && !second && first.tree === tree && first.base_tree === base_tree;
  return own ? first.change_id : batch_id;
}

async function lookOnce(deps: LookDeps, change_id: string, { tree, base_tree, part }: Part): Promise<Look> {
  const whole: Examined = {
    ...{ change_id, kind: 'chore', base_tree, tree: base_tree, entries_sha256: '' },
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
