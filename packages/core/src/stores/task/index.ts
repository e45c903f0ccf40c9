import type { TaskEvent } from '../../contract/event.ts';
import { LOGS } from '../../contract/names.ts';
import { canBeFolded } from '../../domain/task/shape.ts';
import type { Backend } from '../../ports/backend.ts';
import type { BadLine } from '../../ports/shared-log.ts';
import type { Liveness, TaskStore } from '../../ports/task-store.ts';
import { LogTaskStore } from './log-task-store.ts';
import { TaskFold } from './task-fold.ts';

export interface OpenTaskStoreOptions {
  readonly backend: Pick<Backend, 'log' | 'clock' | 'presence'>;
  /** Who counts as alive; the backend's presence unless a test says otherwise. */
  readonly liveness?: Liveness;
  /** 0..1, for the jitter of timers. */
  readonly random?: () => number;
  readonly rotateBytes?: number;
  readonly onBadLine?: (line: BadLine) => void;
}

/** The tasks of a world: a task store that can say which lines of its log do not count. */
export type Tasks = TaskStore & { readonly badLines: readonly BadLine[] };

/** Open the tasks of a world. Any number of processes may have them open; the log's order decides. @throws StorageError */
export async function openTaskStore(options: OpenTaskStoreOptions): Promise<Tasks> {
  const { backend, liveness = backend.presence, random, rotateBytes, onBadLine } = options;
  const fold = new TaskFold();
  const log = await backend.log<TaskEvent>(LOGS.tasks, {
    parse: parseEvent,
    onRecord: fold.onRecord,
    snapshot: fold.snapshot(),
    ...(rotateBytes ? { rotateBytes } : {}),
    ...(onBadLine ? { onBadLine } : {}),
  });
  const store = new LogTaskStore(log, fold, { clock: backend.clock, liveness, ...(random ? { random } : {}) });
  return Object.assign(store, { badLines: log.badLines });
}

function parseEvent(value: unknown): TaskEvent {
  if (canBeFolded(value)) return value;
  throw new TypeError('not a task event');
}

export { endHolds } from './end-holds.ts';
