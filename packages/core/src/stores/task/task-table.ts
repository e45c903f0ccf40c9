import { FINAL, TASK_STATUSES, type TaskStatus } from '../../contract/status.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/** How many characters of a finished task's prompt stay at hand for searching. */
const SEARCH_CHARS = 160;

/** What stays in memory of a finished task; the rest is folded again from its events when somebody asks. */
export interface FinishedTask {
  readonly id: string;
  readonly seq: number;
  readonly status: TaskStatus;
  readonly positions: readonly number[];
  readonly search: string;
}

/**
 * All tasks: unfinished ones as whole records, finished ones as one short line, so that a history of a hundred thousand
 * costs tens of megabytes and loads in a moment.
 */
export class TaskTable {
  readonly #open = new Map<string, TaskRecord>();
  readonly #finished = new Map<string, string>();
  readonly #order: string[] = [];
  readonly #counts = new Map<TaskStatus, number>(TASK_STATUSES.map((status) => [status, 0]));
  readonly #refold: (task: FinishedTask) => TaskRecord | undefined;

  constructor(refold: (task: FinishedTask) => TaskRecord | undefined) {
    this.#refold = refold;
  }

  /** The number of tasks ever added, which is the next one's `seq`. */
  get size(): number {
    return this.#order.length;
  }

  get(id: string): TaskRecord | undefined {
    return this.#open.get(id) ?? this.#reopened(id);
  }

  statusOf(id: string): TaskStatus | undefined {
    const open = this.#open.get(id);
    if (open) return open.status;
    const line = this.#finished.get(id);
    return line === undefined ? undefined : statusIn(line);
  }

  idAt(seq: number): string | undefined {
    return this.#order[seq];
  }

  /** Status and text of a task, without folding anything. */
  glance(id: string): { status: TaskStatus; search: string } | undefined {
    const open = this.#open.get(id);
    if (open) return { status: open.status, search: searchText(open) };
    const line = this.#finished.get(id);
    return line === undefined ? undefined : parseFinished(line);
  }

  set(record: TaskRecord): void {
    const id = record.task.id;
    const before = this.statusOf(id);
    if (before === undefined) this.#order[record.seq] = id;
    else this.#count(before, -1);
    this.#count(record.status, 1);
    if (FINAL.has(record.status) && !record.lease) {
      this.#open.delete(id);
      this.#finished.set(id, formatFinished(record));
    } else {
      this.#finished.delete(id);
      this.#open.set(id, record);
    }
  }

  counts(): ReadonlyMap<TaskStatus, number> {
    return this.#counts;
  }

  *changedSince(position: number, status: TaskStatus): Generator<string> {
    for (const [id, record] of this.#open) if (record.status === status && (record.positions.at(-1) ?? 0) >= position) yield id;
    for (const [id, line] of this.#finished)
      if (statusIn(line) === status && (parseFinished(line).positions.at(-1) ?? 0) >= position) yield id;
  }

  openRecords(): Iterable<TaskRecord> {
    return this.#open.values();
  }

  finishedLines(): Iterable<string> {
    return this.#finished.values();
  }

  /** Put back what a snapshot kept. */
  restore(open: Iterable<TaskRecord>, finished: Iterable<string>): void {
    for (const record of open) this.set(record);
    for (const line of finished) {
      const [seq = '', status = '', id = ''] = line.split('\t', 3);
      this.#order[Number(seq)] = id;
      this.#finished.set(id, line);
      this.#count(statusIn(line) ?? toStatus(status), 1);
    }
  }

  #count(status: TaskStatus, by: number): void {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + by);
  }

  #reopened(id: string): TaskRecord | undefined {
    const line = this.#finished.get(id);
    return line === undefined ? undefined : this.#refold(parseFinished(line));
  }
}

/** seq, status, id, positions (first whole, then differences, base 36), text. */
function formatFinished(record: TaskRecord): string {
  let last = 0;
  const positions = record.positions.map((position) => {
    const step = (position - last).toString(36);
    last = position;
    return step;
  });
  return [record.seq, record.status, record.task.id, positions.join(','), searchText(record)].join('\t');
}

function parseFinished(line: string): FinishedTask {
  const [seq = '0', status = '', id = '', steps = '', search = ''] = line.split('\t');
  let last = 0;
  const positions = steps.split(',').map((step) => {
    last += Number.parseInt(step, 36);
    return last;
  });
  return { id, seq: Number(seq), status: toStatus(status), positions, search };
}

function statusIn(line: string): TaskStatus {
  const from = line.indexOf('\t') + 1;
  return toStatus(line.slice(from, line.indexOf('\t', from)));
}

const STATUSES: ReadonlyMap<string, TaskStatus> = new Map(TASK_STATUSES.map((status) => [status, status]));
const toStatus = (text: string): TaskStatus => STATUSES.get(text) ?? 'failed';

function searchText(record: TaskRecord): string {
  const text = record.task.title ?? record.task.prompt ?? record.task.command ?? record.task.skill ?? '';
  return text.slice(0, SEARCH_CHARS).replaceAll(/\s+/g, ' ');
}
