import { FINAL, type TaskStatus } from '../../contract/status.ts';
import { canonicalTask, Task } from '../../contract/task.ts';
import { fieldProblemsOf } from '../../errors/index.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { isObject, type QueueDocument } from './document.ts';
import type { QueueProblem } from './problem.ts';
import { finishedRow, finishedUnder } from './rows.ts';
import { changedKey } from './same-task.ts';
import type { StoreView } from './store-view.ts';

/** A finished task that is to run again, with another body where the person wrote one. */
export interface PlannedRetry {
  readonly id: string;
  /** Absent when it is to run again as it is. */
  readonly task?: Task;
  readonly row: FinishedRow;
}

export interface FinishedPlan {
  readonly retries: readonly PlannedRetry[];
  readonly problems: readonly QueueProblem[];
  /** Rows of tasks that the log does not know, which stay as they are. */
  readonly foreign: Readonly<Record<List, readonly unknown[]>>;
  /** Ids of all tasks that stand in either list. */
  readonly seen: ReadonlySet<string>;
}

type List = 'completed' | 'failed';
export interface FinishedRow {
  readonly list: List;
  readonly index: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

const LISTS = ['completed', 'failed'] as const;
/** What a row says of how the task ended; the runtime writes it. */
const OUTCOME: ReadonlySet<string> = new Set([
  'id',
  'status',
  'result_summary',
  'reason',
  'finished_at',
  'cost',
  'attempt',
  'status_reason',
]);
/** A failed task with this status is to run again. */
const AGAIN: ReadonlySet<unknown> = new Set(['pending', 'queued', 'requeue']);

/** What a person's edits of finished rows ask for: a failed task may run again; everything else is refused by row. */
export function judgeFinished(document: QueueDocument, store: StoreView, revision: number | undefined): FinishedPlan {
  const retries: PlannedRetry[] = [];
  const problems: QueueProblem[] = [];
  const foreign: Record<List, unknown[]> = { completed: [], failed: [] };
  const seen = new Set<string>();
  for (const list of LISTS) {
    for (const [index, raw] of (document[list] ?? []).entries()) {
      const record = isObject(raw) && typeof raw['id'] === 'string' ? store.get(raw['id']) : undefined;
      if (!record || !isObject(raw)) {
        foreign[list].push(raw);
        continue;
      }
      seen.add(record.task.id);
      const verdict = judgeRow({ list, index, raw }, record, store, revision);
      if (verdict === undefined) continue;
      if ('row' in verdict) retries.push(verdict);
      else problems.push(problemIn(document, { list, index, raw }, verdict.field, verdict.message));
    }
  }
  return { retries, problems, foreign, seen };
}

/** A problem with a finished row, at the line of the field it is about. */
export function problemIn(
  document: QueueDocument,
  { list, index, raw }: FinishedRow,
  field: string,
  message: string,
): QueueProblem {
  const line = document.locate.lineOf([list, index, field]);
  return { task_id: String(raw['id']), field, line, message, refused: raw };
}

type Verdict = PlannedRetry | { readonly field: string; readonly message: string } | undefined;

function judgeRow(row: FinishedRow, record: TaskRecord, store: StoreView, revision: number | undefined): Verdict {
  const { raw, list } = row;
  const { id } = record.task;
  const asked = raw['status'];
  if (!FINAL.has(record.status)) {
    const shown = revision === undefined ? record.status : store.statusAt(record, revision);
    if (shown === undefined || FINAL.has(shown)) return undefined;
    return { field: 'id', message: `is ${record.status}, and only its work ends it; to end it: pnpm worker cancel ${id}` };
  }
  const isNewer = revision !== undefined && (record.positions.at(-1) ?? 0) >= revision;
  if (isNewer) return AGAIN.has(asked) ? { field: 'status', message: MEANWHILE } : undefined;
  const shown = finishedRow(record, costShown(raw['cost'], store.cost(id)));
  const under = finishedUnder(record.status);
  if (list !== under)
    return { field: 'id', message: `is ${record.status} and stands under ${under}; ${stays(record.status, id)}` };
  if (JSON.stringify(raw) === JSON.stringify(shown)) return undefined;
  const changed = [...new Set([...Object.keys(shown), ...Object.keys(raw)])].filter((key) => differs(raw[key], shown[key]));
  const [first] = changed;
  if (first === undefined) return undefined;
  if (under === 'failed' && AGAIN.has(asked) && revision !== undefined) return again(row, record, changed);
  const field = changed.includes('status') ? 'status' : first;
  if (OUTCOME.has(field) && field !== 'status') return { field, message: 'is what the log says of it; it cannot be edited here' };
  return { field, message: `is ${record.status}; ${stays(record.status, id)}` };
}

const MEANWHILE = 'was changed elsewhere after this file was read; look at what stands and edit it again';

function stays(status: TaskStatus, id: string): string {
  if (finishedUnder(status) === 'completed') return 'finished work stays as it is; add a new task instead';
  return `set its status to "pending" to run it again as you edit it here, or: pnpm worker retry ${id}`;
}

function again(row: FinishedRow, record: TaskRecord, changed: readonly string[]): Verdict {
  const { id } = record.task;
  const corrected = changed.filter((key) => !OUTCOME.has(key) && row.raw[key] !== undefined);
  if (corrected.length === 0) return { id, row };
  const parts = Object.fromEntries(corrected.map((key) => [key, row.raw[key]]));
  const read = Task.safeParse(canonicalTask({ ...record.task, ...parts }));
  if (read.success) return { id, task: read.data, row };
  return fieldProblemsOf(read.error, { at: 'id' })[0];
}

/** What a call costs may be known only after the view: a smaller sum is an older one, and no edit. */
const costShown = (written: unknown, cost: number): number =>
  typeof written === 'number' && written >= 0 && written < cost ? written : cost;

const differs = (one: unknown, other: unknown): boolean => changedKey({ it: one }, { it: other }) !== undefined;
