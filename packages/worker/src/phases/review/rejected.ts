import { isLocal, type Review, type WorkerCommand } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/** What a rejection means: another attempt while some are left. A command gives the same answer every time, so it fails. */
export function rejected(run: Pick<TaskRun, 'task'>, { config }: Pick<Runtime, 'config'>, review: Review): WorkerCommand {
  if (isLocal(run.task)) return { kind: 'fail', reason: review.issues.join('; ') };
  return { kind: 'reject', review, max_attempts: config.maxRequeueAttempts };
}
