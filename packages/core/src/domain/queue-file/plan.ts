import { FINAL } from '../../contract/status.ts';
import type { Task } from '../../contract/task.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { standingOf } from '../task/transitions.ts';
import { isObject, type QueueDocument } from './document.ts';
import { entryId, type FileEntry, problemAt, readEntry } from './entry.ts';
import { type FinishedPlan, judgeFinished, type PlannedRetry } from './finished.ts';
import { orderByDependency } from './order.ts';
import type { QueueProblem } from './problem.ts';
import { taskRow } from './rows.ts';
import { changedKey, sameTask } from './same-task.ts';
import type { StoreView } from './store-view.ts';

export interface PlannedTask {
  readonly entry: FileEntry;
  readonly task: Task;
}

/** What a person's file asks for, sorted into what is done and what is refused. */
export interface QueuePlan {
  /** New tasks, each after those it waits for. */
  readonly adopt: readonly PlannedTask[];
  readonly edits: readonly PlannedTask[];
  /** Failed tasks that are to run again. */
  readonly retries: readonly PlannedRetry[];
  /** Ids of tasks that were removed from the file. */
  readonly cancels: readonly string[];
  readonly problems: readonly QueueProblem[];
  /** New entries that cannot enter: they stay in the file until somebody corrects or removes them. */
  readonly kept: readonly unknown[];
  /** Finished rows that the log does not know. */
  readonly foreign: FinishedPlan['foreign'];
}

/** Compare a file with what stands. `revision` is undefined for a file that may add but not delete. */
export function planQueue(document: QueueDocument, store: StoreView, revision: number | undefined): QueuePlan {
  const entries = (document.tasks ?? []).map((raw, index) => ({ raw, index }));
  const problems: QueueProblem[] = document.unread.map((unread) => ({
    ...unread,
    line: document.locate.lineOf([unread.field]),
  }));
  const fresh: PlannedTask[] = [];
  const edits: PlannedTask[] = [];
  const kept: unknown[] = [];
  const seen = new Map<string, FileEntry>();

  for (const entry of entries) {
    const id = entryId(entry);
    const twin = id === undefined ? undefined : seen.get(id);
    if (id !== undefined && !twin) seen.set(id, entry);
    const verdict = twin ? judgeTwin(entry, twin, document) : judgeEntry(entry, document, store, revision);
    const runtime = verdict.kind === 'same' || verdict.kind === 'edit' ? judgeRuntime(entry, document, store, revision) : [];
    problems.push(...runtime);
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
  const { retries, foreign, ...finished } = judgeFinished(document, store, revision);
  const ids = new Set([...seen.keys(), ...finished.seen]);
  const removed = document.tasks && revision !== undefined ? judgeRemovals(document, store, revision, ids) : undefined;
  const forgotten = revision === undefined ? [] : judgeForgotten(document, store, revision, ids);
  problems.push(...finished.problems, ...(removed?.problems ?? []), ...forgotten);
  return { adopt: order.good, edits, retries, cancels: removed?.cancels ?? [], problems, kept, foreign };
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

function judgeRemovals(document: QueueDocument, store: StoreView, revision: number, seen: ReadonlySet<string>) {
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

/** Finished rows that are gone from the file: the log keeps them, so they come back. */
function judgeForgotten(document: QueueDocument, store: StoreView, revision: number, seen: ReadonlySet<string>) {
  return (['completed', 'failed'] as const).flatMap((list): QueueProblem[] => {
    if (document[list] === undefined) return [];
    const gone = [...store.finished(list)].filter((id) => {
      const record = seen.has(id) ? undefined : store.get(id);
      return record !== undefined && lastPosition(record) < revision;
    });
    if (gone.length === 0) return [];
    const names = gone.length > 3 ? `${gone.slice(0, 3).join(', ')} and ${gone.length - 3} more` : gone.join(', ');
    const message = `${names}: what is finished cannot be removed here; the log keeps it, so it was put back`;
    return [{ field: list, line: document.locate.lineOf([list]), message }];
  });
}

/** Edits of what the runtime writes into a row. A row that has changed since is written anew anyway. */
function judgeRuntime(entry: FileEntry, document: QueueDocument, store: StoreView, revision: number | undefined) {
  const id = entryId(entry);
  const record = id === undefined ? undefined : store.get(id);
  if (!record || !isObject(entry.raw) || (revision !== undefined && lastPosition(record) >= revision)) return [];
  const { raw } = entry;
  const shown = store.shown(record);
  const edited = ['status', 'attempt', 'status_reason'].filter((key) => {
    const value = raw[key];
    if (value === undefined || value === null || value === shown[key]) return false;
    if (key === 'status') return !(value === record.status || (revision === undefined && value === 'pending'));
    // Without a revision, or with an old one, the row may have been shown like this.
    return revision === store.position;
  });
  const how = `pnpm worker approve|reject|retry|cancel ${record.task.id}`;
  return edited.map((key) =>
    problemAt(entry, document, [key], `is what the log says: ${String(shown[key] ?? 'none')}; to change it: ${how}`),
  );
}

function lastPosition(record: TaskRecord): number {
  return record.positions.at(-1) ?? 0;
}
