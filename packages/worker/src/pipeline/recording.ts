import { setTimeout as delay } from 'node:timers/promises';
import { isFatal, type TaskStore, VivariumError, type WorkerCommand } from '@vivarium/core';
import type { TaskRun } from './phase.ts';
import type { Log } from './runtime.ts';

const FIRST_GAP_MS = 250;
const LONGEST_GAP_MS = 5_000;

/**
 * Says things about claimed tasks. While the disk refuses it tries again: a task whose outcome could not be written must
 * neither be lost nor keep a claim that nobody serves. `giveUp` ends the waiting when the process has to go.
 */
export function persistentRecorder(store: TaskStore, log: Log, giveUp: AbortSignal) {
  return async (run: TaskRun, ...commands: readonly WorkerCommand[]): Promise<void> => {
    for (let gap = FIRST_GAP_MS; ; gap = Math.min(LONGEST_GAP_MS, gap * 2)) {
      try {
        run.record = await store.record(run.lease, ...commands);
        return;
      } catch (error) {
        const refused = error instanceof VivariumError && error.code === 'VIV_STORAGE' && !isFatal(error);
        if (!refused || giveUp.aborted) throw error;
        log.warn(
          { task_id: run.task.id, commands: commands.map(({ kind }) => kind), err: error },
          'the log cannot be written; trying again',
        );
        await delay(gap, undefined, { signal: giveUp }).catch(() => undefined);
      }
    }
  };
}
