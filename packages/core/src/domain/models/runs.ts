import type { TaskEvent } from '../../contract/event.ts';
import type { ModelDecision } from '../../contract/outcome.ts';

/** One execution of a task by a model, and what an independent check said of it. */
export interface ModelRun {
  readonly attempt: number;
  readonly model: string;
  readonly rule?: ModelDecision['rule'];
  readonly simulated: boolean;
  /** `index`: which of the task's events the verdict is. */
  readonly verdict?: { readonly passed: boolean; readonly at: string; readonly index: number };
}

/** The executions in a task's history, oldest first. Only witnesses, critics and persons decide what passed. */
export function modelRuns(events: readonly TaskEvent[]): readonly ModelRun[] {
  const runs: ModelRun[] = [];
  for (const [index, event] of events.entries()) {
    if (event.event === 'task_executed') runs.push(runOf(event));
    const passed = verdictIn(event);
    const last = runs.at(-1);
    if (passed !== undefined && last) runs.splice(-1, 1, { ...last, verdict: { passed, at: event.timestamp, index } });
  }
  return runs;
}

export interface ModelPast {
  /** The last attempt's model, and whether what it made was rejected. */
  readonly last?: { readonly model: string; readonly failed_verification: boolean };
  /** The task went up a tier before. */
  readonly cascaded: boolean;
}

/** What the attempts before this one say about the choice of its model. */
export function pastOf(runs: readonly ModelRun[], attempt: number): ModelPast {
  const before = runs.filter((run) => run.attempt < attempt);
  const last = before.at(-1);
  return {
    cascaded: before.some(({ rule }) => rule === 'cascade'),
    ...(last ? { last: { model: last.model, failed_verification: last.verdict?.passed === false } } : {}),
  };
}

function runOf({ attempt, outcome }: Extract<TaskEvent, { event: 'task_executed' }>): ModelRun {
  const rule = outcome.model_decision?.rule;
  return { attempt, model: outcome.model ?? '', simulated: outcome.simulated ?? false, ...(rule ? { rule } : {}) };
}

function verdictIn(event: TaskEvent): boolean | undefined {
  if (event.event === 'task_approved' || event.event === 'task_accepted') return true;
  if (event.event === 'task_rejected') return false;
  return event.event === 'task_reviewed' && event.review.verdict === 'REJECT' ? false : undefined;
}
