import { isLocal, type Review, type WorkerCommand } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/** What a rejection means: another attempt while some are left. A command gives the same answer every time, so it fails. */
export function rejected(run: Pick<TaskRun, 'task'>, { config }: Pick<Runtime, 'config'>, review: Review): WorkerCommand {
  if (isLocal(run.task)) return { kind: 'fail', reason: review.issues.join('; ') };
  return { kind: 'reject', review, max_attempts: config.maxRequeueAttempts };
}

/** A change to a project that was turned down is not for landing any more. */
export async function turnDown(run: TaskRun, deps: Pick<Runtime, 'changes'>, issues: readonly string[]): Promise<void> {
  if (run.task.project !== undefined) await (await deps.changes()).turnedDown(run, issues.join('; '));
}
