import type { TaskEvent } from '../../contract/event.ts';
import { evolve } from '../../domain/task/evolve.ts';
import { concerning, partsOf } from '../../domain/task/parts.ts';
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
    const record = this.#mayAdd(value) ? this.#apply(value, position) : undefined;
    if (this.#watching > 0) this.#verdicts.set(position, record);
    if (record) for (const part of partsOf(value)) this.#apply(part, position);
  };

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

  #apply(event: TaskEvent, position: number): TaskRecord | undefined {
    const record = evolve(this.table.get(event.task_id), event, position, this.table.size);
    if (!record) return undefined;
    this.table.set(record);
    this.schedule.place(record);
    for (const listener of this.listeners) listener(event, record, position);
    return record;
  }

  /** A breakdown counts only when none of its steps stands already: it adds all of them or none. */
  #mayAdd(event: TaskEvent): boolean {
    return event.event !== 'task_expanded' || event.children.every(({ id }) => this.table.statusOf(id) === undefined);
  }

  #refold(finished: FinishedTask): TaskRecord | undefined {
    const events = this.#reader?.read(finished.positions) ?? [];
    let record: TaskRecord | undefined;
    for (const [index, event] of events.entries())
      record = evolve(record, concerning(finished.id, event), finished.positions[index] ?? 0, finished.seq) ?? record;
    return record;
  }
}
