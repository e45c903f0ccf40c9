import { type Examination, type ExamineOptions, examine, type Matrix, type WitnessDeps } from '@vivarium/changes';
import {
  type Artifacts,
  type ChangeRecord,
  type ChangeStore,
  type Check,
  CheckResults,
  type Hold,
  isExpired,
  type NewChangeEvent,
  type Project,
  RUNTIME,
  type TaskRecord,
  type Witness,
} from '@vivarium/core';
import { saw } from '../phases/review/witnesses/kit.ts';
import type { Observation } from '../pipeline/observation.ts';

/** What a look at a change needs besides the change. */
export type LookDeps = WitnessDeps & { readonly log: ChangeStore; readonly artifacts: Pick<Artifacts, 'put'> };

/** Look at a change as the runtime can, and keep what was seen in the log. */
export async function lookAt(
  deps: LookDeps,
  change: ChangeRecord,
  { task }: Pick<TaskRecord, 'task'>,
  stage: ExamineOptions['stage'],
  elsewhere: Pick<ExamineOptions, 'tree' | 'base_tree'> = {},
): Promise<Examination> {
  const narrower = { ...(task.paths ? { paths: task.paths } : {}), ...(task.suites ? { suites: task.suites } : {}) };
  const seen = await examine(deps, change, { stage, ...narrower, ...elsewhere });
  const artifacts = await keptResults(deps, change, stage, seen.matrices);
  const { change_id } = change;
  const events = seen.checks.map(
    (check): NewChangeEvent => ({
      ...{ ...check, event: 'check_recorded', actor: RUNTIME, change_id },
      ...(check.rule === 'tests.kept' && check.suite !== undefined ? { artifact: artifacts.get(check.suite) } : {}),
    }),
  );
  if (events.length > 0) await deps.log.tryRecord(...events);
  return seen;
}

/** How each test went on each tree, for a person to compare: an artifact for each suite. */
async function keptResults(
  { artifacts }: LookDeps,
  { task_id, attempt }: ChangeRecord,
  stage: ExamineOptions['stage'],
  matrices: readonly Matrix[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const on = stage === 'review' || stage === 'unit' ? 'new' : 'integrated';
  for (const { suite, base, tree } of matrices) {
    const told = CheckResults.parse({ suite, results: { base, [on]: tree } });
    const name = `tests-${stage}-${suite}.json`;
    const { artifact_id } = await artifacts.put({ task_id, attempt, name, bytes: JSON.stringify(told) });
    ids.set(suite, artifact_id);
  }
  return ids;
}

/** An examination as the review of a task reads it. The person's yes to exactly these bytes stands beside what was seen. */
export function observed(
  seen: Examination,
  { change, project, task_id, now }: { change: ChangeRecord; project: Project; task_id: string; now: string },
): Observation {
  if (seen.interrupted !== undefined) return { kind: 'interrupted', reason: seen.interrupted };
  if (seen.stale !== undefined)
    return { kind: 'unable', reason: seen.stale, witnesses: [], hold: staleHold(seen.stale, project, task_id) };
  const { approval } = change;
  const yes = approval !== undefined && !isExpired(approval, now);
  return saw(
    ...seen.checks.map(witnessOf),
    yes
      ? { kind: 'person', rule: 'person.word', passed: true, decisive: true, detail: 'a person approved these bytes' }
      : undefined,
  );
}

function staleHold(why: string, { name, settings }: Project, task_id: string): Hold {
  const reason = `${why}. Install them in ${settings.path}`;
  return {
    kind: 'dependencies',
    reason,
    action: `pnpm worker project refresh ${name}, then pnpm worker explain ${task_id}`,
    next_mover: 'person',
  };
}

function witnessOf({ rule, suite, passed, decisive, detail }: Check): Witness {
  const detailed = suite === undefined ? detail : `${suite}: ${detail}`;
  return { kind: 'change', rule, passed, decisive, detail: `${rule}: ${detailed}`.slice(0, 2_000) };
}

/** Nobody handed anything in. */
export const NOTHING_HANDED_IN: Witness = {
  ...{ kind: 'change', rule: 'change.nonempty', passed: false, decisive: false },
  detail: 'nothing was handed in: the work ended without hand_in, so there is nothing to review',
};

/** Somebody turned a change down while it was looked at. */
export const turnedDown = ({ reasons }: ChangeRecord): Witness => ({
  ...{ kind: 'person', rule: 'person.word', passed: false, decisive: false },
  detail: reasons.at(-1) ?? 'it was rejected',
});
