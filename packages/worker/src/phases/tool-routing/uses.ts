import type { SkillOutcome, SkillUse } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

type Deps = Pick<Runtime, 'skills' | 'log'>;

/** Log that a skill was used, with its version and what came of it. Trouble with the log never reaches the task. */
export async function countSkillUse(run: TaskRun, deps: Deps): Promise<void> {
  const outcome = run.executed;
  const verdict = outcomeOf(run);
  if (outcome === undefined || verdict === undefined) return;
  const { tool_name, tool_version, tool_route = 'exact', tool_confidence = 1, model_call_avoided = false } = outcome;
  if (tool_name === undefined) return;
  const used = run.route?.components ?? [{ name: tool_name, version: tool_version ?? '' }];
  for (const { name, version } of used) {
    const use = { route: tool_route, confidence: tool_confidence, model_call_avoided, outcome: verdict };
    await noteUse(deps, { name, version, task_id: run.task.id, attempt: run.lease.attempt, ...use });
  }
}

/** One use that did not run to its end: the model did the work. */
export async function noteUse(deps: Deps, use: SkillUse): Promise<void> {
  try {
    await deps.skills.used(use);
  } catch (err) {
    deps.log.warn({ skill: use.name, task_id: use.task_id, err }, 'the use of a skill could not be logged');
  }
}

/** Undefined while there is nothing to say about the attempt. */
function outcomeOf({ review }: TaskRun): SkillOutcome | undefined {
  switch (review?.verdict) {
    case undefined:
      return undefined;
    case 'APPROVE':
    case 'MINOR_ISSUES':
      return 'useful';
    case 'REJECT':
      return 'harmful';
    case 'NONE':
      return 'unknown';
  }
}
