import { clarifyingQuestion, type Hold, type Intent, intentOf, isLocal, type TaskEvent } from '@vivarium/core';
import { next, type Phase, stop } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/**
 * Reads what is really wanted from the task's own words. It stands in every prompt made from the task. A task that says
 * `clarify: true` and is unclear waits for its person once, with the question.
 */
export const intent: Phase<Pick<Runtime, 'store'>> = {
  name: 'intent',
  async run(run, deps) {
    const { task, record } = run;
    if (isLocal(task) || task.prompt === undefined) return next();
    const wanted = intentOf(task);
    run.intent = wanted;
    if (task.clarify !== true || record.outcome) return next();
    const question = clarifyingQuestion(wanted);
    if (question === undefined || wasAsked(deps.store.history(task.id))) return next();
    return stop({ kind: 'hold', hold: questionHold(task.id, question, wanted), intent: wanted });
  },
};

function questionHold(taskId: string, question: string, { confidence }: Intent): Hold {
  const reason = `${question} (confidence ${confidence.toFixed(2)}) Answer in the task's prompt or its intent, or let it run as it is`;
  return { kind: 'clarify', reason, action: `pnpm worker retry ${taskId}` };
}

/** Whether the person saw the question since the task last changed; then its words are taken as they are. */
function wasAsked(history: readonly TaskEvent[]): boolean {
  const edited = history.findLastIndex(({ event }) => event === 'task_edited');
  return history
    .slice(edited + 1)
    .some((event) => event.event === 'task_held' && event.hold.kind === 'clarify' && 'intent' in event);
}
