import type { TaskEvent } from '../../contract/event.ts';
import { evolve } from '../../domain/task/evolve.ts';
import type { LogRecord, SharedLog } from '../../ports/shared-log.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { Schedule } from './schedule.ts';
import { taskSnapshot } from './snapshot-codec.ts';
import { type FinishedTask, TaskTable } from './task-table.ts';

export type TaskListener = (event: TaskEvent, record: TaskRecord, position: number) => void;
type Reader = Pick<SharedLog<TaskEvent>, 'read'>;

/** The state of all tasks, folded from the log: the records, what can move next, and what became of each event. */
export class TaskFold {
  readonly table: TaskTable;
  readonly schedule: Schedule;
  readonly listeners = new Set<TaskListener>();
  readonly #verdicts = new Map<number, TaskRecord | undefined>();
  #watching = 0;
  #reader: Reader | undefined;

  constructor() {
    this.table = new TaskTable((finished) => this.#refold(finished));
    this.schedule = new Schedule(
      (id) => this.table.statusOf(id),
      (id) => this.table.get(id),
    );
  }

  readonly onRecord = ({ position, value }: LogRecord<TaskEvent>, reader: Reader): void => {
    this.#reader = reader;
    const record = this.#mayCount(value) ? evolve(this.table.get(value.task_id), value, position, this.table.size) : undefined;
    if (this.#watching > 0) this.#verdicts.set(position, record);
    if (!record) return;
    this.table.set(record);
    this.schedule.place(record);
    for (const listener of this.listeners) listener(value, record, position);
  };

  /** Where finished tasks are read back from. A log whose snapshot holds everything tells of no record at its start. */
  readFrom(log: Reader): void {
    this.#reader = log;
  }

  snapshot() {
    return taskSnapshot(this.table, (open) => {
      for (const record of open) this.schedule.place(record);
    });
  }

  /** Append through `log` and tell for each event which record it made; undefined means that the event is void. */
  async append(
    log: SharedLog<TaskEvent>,
    events: readonly TaskEvent[],
    durable: boolean,
  ): Promise<readonly (TaskRecord | undefined)[]> {
    this.#watching++;
    try {
      const records = await log.append(events, { durable });
      return records.map(({ position }) => this.#verdicts.get(position));
    } finally {
      if (--this.#watching === 0) this.#verdicts.clear();
    }
  }

  /**
   * What one task's record cannot tell: a breakdown counts only when none of its steps stands already, and a step only when
   * its breakdown counted. So a worker that lost its claim adds nothing.
   */
  #mayCount(event: TaskEvent): boolean {
    if (event.event === 'task_expanded') return event.children.every((id) => this.table.statusOf(id) === undefined);
    if (event.event !== 'task_added' || event.part_of === undefined) return true;
    return this.table.get(event.part_of)?.children?.includes(event.task_id) ?? false;
  }

  #refold(finished: FinishedTask): TaskRecord | undefined {
    const events = this.#reader?.read(finished.positions) ?? [];
    let record: TaskRecord | undefined;
    for (const [index, event] of events.entries())
      record = evolve(record, event, finished.positions[index] ?? 0, finished.seq) ?? record;
    return record;
  }
}
