import type { TaskStatus } from '../../contract/status.ts';
import type { Task } from '../../contract/task.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/** What the plan asks the store; `revision` is a log position, and events before it are what the view showed. */
export interface StoreView {
  /** The position of the log at this moment. */
  readonly position: number;
  get(id: string): TaskRecord | undefined;
  /** Unfinished tasks. */
  open(): Iterable<TaskRecord>;
  /** A task's body at a revision; undefined when it did not stand yet. */
  bodyAt(record: TaskRecord, revision: number): Task | undefined;
  statusAt(record: TaskRecord, revision: number): TaskStatus | undefined;
  /** The row as the view shows it at this moment. */
  shown(record: TaskRecord): Readonly<Record<string, unknown>>;
  /** US dollars that a task has cost up to now. */
  cost(id: string): number;
  /** Ids of the finished tasks that the view shows, where it shows all there are. */
  finished(list: 'completed' | 'failed'): Iterable<string>;
}
