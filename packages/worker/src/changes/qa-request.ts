import { type ChangeRecord, type CycleInput, executionKey, fence, RUNTIME, type TaskRecord } from '@vivarium/core';

/** More than a title and a summary have. */
const WORDS = 9_000;

/** Asks somebody who did not make a change for a test of it. The API gives them a work area in which only tests may change. */
export function qaRequest(
  { task, attempt }: TaskRecord,
  change: ChangeRecord,
  { by, turn, fault }: { readonly by: string; readonly turn: number; readonly fault: string | undefined },
): CycleInput {
  const lines = [
    'Write a test that fails if this change is wrong: one that fails without the change and passes with it. Change test files only.',
    `The task was: ${task.prompt ?? task.title ?? task.id}`,
    'What its author says of the change:',
    fence('change', `${change.title}\n\n${change.summary}`, WORDS),
    ...(fault === undefined ? [] : ['Your former test showed nothing:', fence('former test', fault, WORDS)]),
  ];
  return {
    ...{ mode: 'llm', purpose: 'qa', prompt: lines.join('\n\n'), task_id: task.id, min_budget: 0, max_budget: task.max_budget },
    execution_key: `${executionKey(task.id, attempt)}#qa-${turn}`,
    ...(by === RUNTIME ? {} : { identity_id: by }),
  };
}
