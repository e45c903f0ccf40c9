import type { TaskEvent } from '../../contract/event.ts';
import { canBeFolded } from '../../domain/task/shape.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BadLine } from '../../ports/shared-log.ts';
import type { Liveness, TaskStore } from '../../ports/task-store.ts';
import { memoryLog } from '../log/memory-log.ts';
import { openSharedLog } from '../log/shared-log.ts';
import type { WorkspacePaths } from '../workspace.ts';
import { LogTaskStore, type TaskStoreOptions } from './log-task-store.ts';
import { TaskFold } from './task-fold.ts';

export interface FileTaskStoreOptions extends TaskStoreOptions {
  readonly paths: WorkspacePaths;
  readonly clock: Clock;
  readonly liveness: Liveness;
  readonly rotateBytes?: number;
  readonly onBadLine?: (line: BadLine) => void;
}

/** The task store of a workspace, on `execution_log.jsonl`. @throws StorageError on a network file system */
export async function openTaskStore(
  options: FileTaskStoreOptions,
): Promise<TaskStore & { readonly badLines: readonly BadLine[] }> {
  const fold = new TaskFold();
  const log = await openSharedLog<TaskEvent>({
    file: options.paths.executionLog,
    parse: parseEvent,
    onRecord: fold.onRecord,
    snapshot: fold.snapshot(),
    ...(options.rotateBytes ? { rotateBytes: options.rotateBytes } : {}),
    ...(options.onBadLine ? { onBadLine: options.onBadLine } : {}),
  });
  return Object.assign(new LogTaskStore(log, fold, options), { badLines: log.badLines });
}

/** A task store that lives and dies with the process. */
export async function memoryTaskStore(options: TaskStoreOptions): Promise<TaskStore> {
  const fold = new TaskFold();
  return new LogTaskStore(memoryLog<TaskEvent>(fold.onRecord), fold, options);
}

function parseEvent(value: unknown): TaskEvent {
  if (canBeFolded(value)) return value;
  throw new TypeError('not a task event');
}

export { endBudgetHolds } from './budget-holds.ts';
