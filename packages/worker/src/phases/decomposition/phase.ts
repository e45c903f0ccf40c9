import { candidacyOf, childrenOf, failedSteps, intentOf, type StepResult, type Subtask, type Task } from '@vivarium/core';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { type BreakdownDeps, stepsOf } from './breakdown.ts';
import { withoutOwnShare } from './rules.ts';

type Deps = BreakdownDeps & Pick<Runtime, 'store' | 'outputOf'>;

/**
 * Lets the steps of a task that is several run first, and hands their results to the task once all of them are approved.
 * A step that ended without success fails the task, with that step named.
 */
export const decomposition: Phase<Deps> = {
  name: 'decomposition',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    const { children } = run.record;
    if (children) return gather(run, deps, children);
    const candidacy = candidacyOf(run.task);
    if (candidacy.kind === 'no' || run.task.gates === true) return next();
    const found = await stepsOf(run, deps, candidacy);
    if (found.kind === 'interrupted') return stop(found.command);
    return found.subtasks.length < 2 ? next() : expand(run, deps, found.subtasks);
  },
};

function expand({ task, intent }: TaskRun, { store }: Deps, subtasks: readonly Subtask[]): PhaseEnd {
  const tasks = childrenOf(withoutOwnShare(task, subtasks.length), subtasks, intent ?? intentOf(task));
  // Somebody else's task has the name of a step: then this one is done in one piece.
  if (tasks.some(({ id }) => store.get(id) !== undefined)) return next();
  return { kind: 'expand', tasks, reason: `it is ${tasks.length} tasks` };
}

async function gather(run: TaskRun, deps: Deps, children: readonly string[]): Promise<PhaseEnd> {
  const results = await Promise.all(children.map((id) => resultOf(deps, id)));
  const failed = failedSteps(results);
  if (failed !== undefined) return stop({ kind: 'fail', reason: failed });
  const open = results.find(({ status }) => status !== 'approved' && status !== 'ready_for_merge');
  if (open) return stop({ kind: 'release', reason: `it waits for its step ${open.id}, which is ${open.status}` });
  run.results = results;
  return next();
}

async function resultOf(deps: Deps, id: string): Promise<StepResult> {
  const record = deps.store.get(id);
  if (!record) return { id, status: 'failed', prompt: '', output: '', reason: 'it is gone' };
  const done = record.status === 'approved' || record.status === 'ready_for_merge';
  const reason = done ? undefined : record.reasons.at(-1);
  return {
    id,
    // A step that a person ended counts as lost.
    status: record.status === 'cancelled' ? 'failed' : record.status,
    prompt: textOf(record.task),
    output: done ? await deps.outputOf(record) : '',
    ...(record.status === 'cancelled' ? { reason: 'it was cancelled' } : reason === undefined ? {} : { reason }),
  };
}

const textOf = (task: Task): string => task.prompt ?? task.id;
