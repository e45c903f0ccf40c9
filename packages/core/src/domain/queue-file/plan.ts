import type { TaskStatus } from '../../contract/status.ts';
import { FINAL } from '../../contract/status.ts';
import type { Task } from '../../contract/task.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { standingOf } from '../task/transitions.ts';
import { isObject, type QueueDocument } from './document.ts';
import { entryId, type FileEntry, problemAt, readEntry } from './entry.ts';
import { orderByDependency } from './order.ts';
import type { QueueProblem } from './problem.ts';
import { taskRow } from './rows.ts';
import { changedKey, sameTask } from './same-task.ts';

/** What the plan asks the store; `revision` is a log position, and events before it are what the view showed. */
export interface StoreView {
  get(id: string): TaskRecord | undefined;
  /** Unfinished tasks. */
  open(): Iterable<TaskRecord>;
  /** A task's body at a revision; undefined when it did not stand yet. */
  bodyAt(record: TaskRecord, revision: number): Task | undefined;
  statusAt(record: TaskRecord, revision: number): TaskStatus | undefined;
}

export interface PlannedTask {
  readonly entry: FileEntry;
  readonly task: Task;
}

/** What a person's file asks for, sorted into what is done and what is refused. */
export interface QueuePlan {
  /** New tasks, each after those it waits for. */
  readonly adopt: readonly PlannedTask[];
  readonly edits: readonly PlannedTask[];
  /** Ids of tasks that were removed from the file. */
  readonly cancels: readonly string[];
  readonly problems: readonly QueueProblem[];
  /** New entries that cannot enter: they stay in the file until somebody corrects or removes them. */
  readonly kept: readonly unknown[];
}

/** Compare a file with what stands. `revision` is undefined for a file that may add but not delete. */
export function planQueue(document: QueueDocument, store: StoreView, revision: number | undefined): QueuePlan {
  const entries = (document.tasks ?? []).map((raw, index) => ({ raw, index }));
  const problems: QueueProblem[] = document.misshapen.map((key) => misshapen(document, key));
  const fresh: PlannedTask[] = [];
  const edits: PlannedTask[] = [];
  const kept: unknown[] = [];
  const seen = new Map<string, FileEntry>();

  for (const entry of entries) {
    const id = entryId(entry);
    const twin = id === undefined ? undefined : seen.get(id);
    if (id !== undefined && !twin) seen.set(id, entry);
    const verdict = twin ? judgeTwin(entry, twin, document) : judgeEntry(entry, document, store, revision);
    if (verdict.kind === 'new') fresh.push({ entry, task: verdict.task });
    else if (verdict.kind === 'edit') edits.push({ entry, task: verdict.task });
    else if (verdict.kind === 'refused') {
      problems.push(verdict.problem);
      if (verdict.keep) kept.push(entry.raw);
    }
  }

  const order = orderByDependency(fresh, (id) => store.get(id) !== undefined);
  for (const { item, message } of order.bad) {
    problems.push(problemAt(item.entry, document, ['depends_on'], message));
    kept.push(item.entry.raw);
  }
  const removed = document.tasks && revision !== undefined ? judgeRemovals(document, store, revision, seen) : undefined;
  problems.push(...(removed?.problems ?? []));
  return { adopt: order.good, edits, cancels: removed?.cancels ?? [], problems, kept };
}

type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'new'; readonly task: Task }
  | { readonly kind: 'edit'; readonly task: Task }
  | { readonly kind: 'refused'; readonly problem: QueueProblem; readonly keep: boolean };

const SAME: Verdict = { kind: 'same' };

function judgeEntry(entry: FileEntry, document: QueueDocument, store: StoreView, revision: number | undefined): Verdict {
  const id = entryId(entry);
  const record = id === undefined ? undefined : store.get(id);
  if (record && isObject(entry.raw) && showsRecord(entry.raw, record)) return SAME;
  const read = readEntry(entry, document);
  if ('problem' in read) return { kind: 'refused', problem: read.problem, keep: record === undefined };
  if (!record) return { kind: 'new', task: read.task };
  const refuse = (message: string, key = changedKey(read.task, record.task)): Verdict => ({
    kind: 'refused',
    problem: problemAt(entry, document, key === undefined ? [] : [key], message),
    keep: false,
  });
  if (FINAL.has(record.status) && revision !== undefined && lastPosition(record) < revision)
    return refuse(
      `is ${record.status} already and cannot be put back; to run it again: pnpm worker retry ${record.task.id}`,
      'id',
    );
  if (sameTask(read.task, record.task)) return SAME;
  return judgeEdit(read.task, record, store, revision, refuse);
}

/** The three-way merge of one task: what the file says, what it was made from, and what stands. */
function judgeEdit(
  task: Task,
  record: TaskRecord,
  store: StoreView,
  revision: number | undefined,
  refuse: (message: string) => Verdict,
): Verdict {
  const base = store.bodyAt(record, revision ?? (record.positions[0] ?? 0) + 1);
  if (base && sameTask(task, base)) return SAME;
  const standing = standingOf(record);
  if (standing !== 'ready' && standing !== 'held') {
    const what = standing === 'leased' ? 'is running' : `is ${record.status}`;
    return refuse(`${what}, so it cannot be edited; cancel it and add a new one, or wait for its end`);
  }
  const untouched = revision === undefined ? record.body_position === record.positions[0] : record.body_position < revision;
  if (untouched) return { kind: 'edit', task };
  return refuse('was changed elsewhere after this file was read; look at what stands and edit it again');
}

/** The fast way to see that nothing was touched, without checking the whole body. */
function showsRecord(raw: Record<string, unknown>, record: TaskRecord): boolean {
  return raw['status'] !== undefined && JSON.stringify(raw) === JSON.stringify(taskRow(record));
}

function judgeTwin(entry: FileEntry, first: FileEntry, document: QueueDocument): Verdict {
  if (isObject(entry.raw) && isObject(first.raw) && sameTask(entry.raw, first.raw)) return SAME;
  const line = document.locate.lineOf(['tasks', first.index]);
  return { kind: 'refused', problem: problemAt(entry, document, ['id'], `is used twice; first on line ${line}`), keep: true };
}

function judgeRemovals(document: QueueDocument, store: StoreView, revision: number, seen: ReadonlyMap<string, FileEntry>) {
  const cancels: string[] = [];
  const problems: QueueProblem[] = [];
  for (const record of store.open()) {
    const { id } = record.task;
    if (seen.has(id) || (record.positions[0] ?? 0) >= revision) continue;
    const status = store.statusAt(record, revision);
    if (status === undefined || FINAL.has(status)) continue;
    if (status === 'queued' || status === 'requeue') cancels.push(id);
    else {
      const message = `is ${status === 'in_progress' ? 'running' : status}, so removing it here does nothing; cancel it with: pnpm worker cancel ${id}`;
      problems.push({ task_id: id, field: 'tasks', line: document.locate.lineOf(['tasks']), message });
    }
  }
  return { cancels, problems };
}

function misshapen(document: QueueDocument, key: string): QueueProblem {
  return { field: key, line: document.locate.lineOf([key]), message: 'must be a list: write [ … ]; nothing in it was read' };
}

function lastPosition(record: TaskRecord): number {
  return record.positions.at(-1) ?? 0;
}
