import {
  entryId,
  InvalidInputError,
  newFaults,
  orderByDependency,
  PERSON_IDS,
  type PlacedFault,
  type PlannedRetry,
  type PlannedTask,
  planQueue,
  problemAt,
  problemIn,
  type QueueDocument,
  type QueueProblem,
  readEndpoint,
  type StoreView,
  type Task,
  TaskConflictError,
  type TaskRecord,
  type TaskStore,
  VivariumError,
} from '@vivarium/core';

/** Who the events name that a hand edit makes. */
export const QUEUE_FILE_ACTOR = PERSON_IDS.queue_file;

/** What else is wrong with tasks of the right shape, by their place in the list. */
export type CheckTasks = (tasks: readonly Task[]) => Promise<readonly PlacedFault[]>;

export interface Applied {
  readonly added: readonly string[];
  readonly edited: readonly string[];
  readonly retried: readonly string[];
  readonly cancelled: readonly string[];
  readonly problems: readonly QueueProblem[];
  readonly kept: readonly unknown[];
  readonly foreign: { readonly completed: unknown[]; readonly failed: unknown[] };
}

/** Do what a person's file asks for. Throws only when the store itself fails; what does not fit becomes a problem. */
export async function applyQueue(
  document: QueueDocument,
  store: TaskStore,
  view: ShownView,
  check: CheckTasks = async () => [],
): Promise<Applied> {
  // A file that shows more than the log holds was made from another log, or from one that lost its end in a power cut.
  const revision = document.revision !== undefined && document.revision <= store.position ? document.revision : undefined;
  const plan = planQueue(document, storeView(store, view), revision);
  const problems = [...plan.problems, ...endpointProblems(document)];
  const kept = [...plan.kept];

  const fresh = await sifted(plan.adopt, document, check);
  const standing = await check(plan.edits.map(({ task }) => store.get(task.id)?.task ?? task));
  const changed = await sifted(plan.edits, document, async (tasks) => newFaults(await check(tasks), standing));
  const order = orderByDependency(fresh.good, (id) => store.get(id) !== undefined);
  const orphans = order.bad.map(({ item }) =>
    problemAt(item.entry, document, ['depends_on'], 'waits for a task that was refused'),
  );
  problems.push(...fresh.problems, ...orphans, ...changed.problems);
  kept.push(...fresh.kept, ...order.bad.map(({ item }) => item.entry.raw));
  const adopted = await adopt(order.good, document, store);
  problems.push(...adopted.problems);
  kept.push(...adopted.kept);
  const edited = await decideAll(changed.good, ({ task }) => store.decide(task.id, { kind: 'edit', task }, QUEUE_FILE_ACTOR));
  for (const { item, error } of edited.failed) problems.push(...toProblems(item, document, error));
  const retried = await retryAll(plan.retries, document, store, check);
  problems.push(...retried.problems);
  const reason = 'removed from queue.json';
  const cancelled = await decideAll(plan.cancels, (id) => store.decide(id, { kind: 'cancel', reason }, QUEUE_FILE_ACTOR));
  for (const { item, error } of cancelled.failed)
    problems.push({ task_id: item, field: 'tasks', line: document.locate.lineOf(['tasks']), message: error.message });

  return {
    added: adopted.added,
    edited: edited.done.map(({ task }) => task.id),
    retried: retried.done.map(({ id }) => id),
    cancelled: cancelled.done,
    problems,
    kept,
    foreign: { completed: [...plan.foreign.completed], failed: [...plan.foreign.failed] },
  };
}

/** Sort out what the checks refuse: at most one problem a task and field. */
async function sifted(planned: readonly PlannedTask[], document: QueueDocument, check: CheckTasks) {
  const faults = await check(planned.map(({ task }) => task));
  const problems = faults.flatMap(({ index, field, message }) => {
    const item = planned[index];
    return item ? [problemAt(item.entry, document, [field], message)] : [];
  });
  const bad = new Set(faults.map(({ index }) => index));
  const kept = planned.flatMap(({ entry }, index) => (bad.has(index) ? [entry.raw] : []));
  return { good: planned.filter((_item, index) => !bad.has(index)), problems, kept };
}

/** Let failed tasks run again as their rows were edited. */
async function retryAll(planned: readonly PlannedRetry[], document: QueueDocument, store: TaskStore, check: CheckTasks) {
  const mended = planned.flatMap(({ task, row }) => (task ? [{ task, row }] : []));
  const faults = await check(mended.map(({ task }) => task));
  const problems: QueueProblem[] = [];
  const refused = new Set<unknown>();
  for (const { index, field, message } of faults) {
    const row = mended[index]?.row;
    if (row) problems.push(problemIn(document, row, field, message));
    refused.add(row);
  }
  const good = planned.filter(({ row }) => !refused.has(row));
  const retry = ({ id, task }: PlannedRetry) => store.decide(id, { kind: 'retry', ...(task && { task }) }, QUEUE_FILE_ACTOR);
  const { done, failed } = await decideAll(good, retry);
  problems.push(...failed.map(({ item, error }) => problemIn(document, item.row, 'status', error.message)));
  return { done, problems };
}

/** What the published view shows. */
export interface ShownView {
  /** Unfinished tasks. */
  open(): Iterable<TaskRecord>;
  row(record: TaskRecord): Readonly<Record<string, unknown>>;
  cost(id: string): number;
  finished(list: 'completed' | 'failed'): Iterable<string>;
}

function storeView(store: TaskStore, view: ShownView): StoreView {
  /** The newest event before the revision that `pick` finds something in. */
  const before = <T>(
    record: TaskRecord,
    revision: number,
    pick: (event: ReturnType<TaskStore['history']>[number]) => T | undefined,
  ) => {
    const events = store.history(record.task.id);
    for (let at = events.length - 1; at >= 0; at -= 1) {
      const event = events[at];
      if (!event || (record.positions[at] ?? 0) >= revision) continue;
      const found = pick(event);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    position: store.position,
    get: (id) => store.get(id),
    open: () => view.open(),
    shown: (record) => view.row(record),
    cost: (id) => view.cost(id),
    finished: (list) => view.finished(list),
    bodyAt: (record, revision): Task | undefined => {
      if (record.body_position < revision) return record.task;
      return before(record, revision, (event) =>
        event.event === 'task_added' || event.event === 'task_edited' ? event.task : undefined,
      );
    },
    statusAt: (record, revision) => {
      if ((record.positions.at(-1) ?? 0) < revision) return record.status;
      const status = before(record, revision, (event) => event.status);
      return status?.startsWith('subtask_') || status?.startsWith('needs_') ? 'in_progress' : toTaskStatus(status);
    },
  };
}

function toTaskStatus(status: string | undefined): TaskRecord['status'] | undefined {
  switch (status) {
    case 'queued':
    case 'in_progress':
    case 'completed':
    case 'pending_review':
    case 'needs_qa':
    case 'needs_integration':
    case 'needs_e2e':
    case 'requeue':
    case 'approved':
    case 'ready_for_merge':
    case 'failed':
    case 'safety_blocked':
      return status;
    default:
      return undefined;
  }
}

/** All at once; when that fails because something changed meanwhile, one by one in their order. */
async function adopt(planned: readonly PlannedTask[], document: QueueDocument, store: TaskStore) {
  if (planned.length === 0) return { added: [], problems: [], kept: [] };
  try {
    const { added } = await store.add(
      planned.map(({ task }) => task),
      QUEUE_FILE_ACTOR,
    );
    return { added, problems: [], kept: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const added: string[] = [];
  const problems: QueueProblem[] = [];
  const kept: unknown[] = [];
  for (const item of planned) {
    try {
      added.push(...(await store.add([item.task], QUEUE_FILE_ACTOR)).added);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      problems.push(...toProblems(item, document, error));
      kept.push(item.entry.raw);
    }
  }
  return { added, problems, kept };
}

/** Decisions made in the same tick share one write and one sync. */
async function decideAll<T>(items: readonly T[], decide: (item: T) => Promise<unknown>) {
  const results = await Promise.allSettled(items.map(decide));
  const done: T[] = [];
  const failed: { item: T; error: VivariumError }[] = [];
  for (const [at, result] of results.entries()) {
    const item = items[at];
    if (item === undefined) continue;
    if (result.status === 'fulfilled') done.push(item);
    else if (isRefusal(result.reason)) failed.push({ item, error: result.reason });
    else throw result.reason;
  }
  return { done, failed };
}

function isRefusal(error: unknown): error is VivariumError {
  return error instanceof VivariumError && error.status >= 400 && error.status < 500;
}

function toProblems({ entry }: PlannedTask, document: QueueDocument, error: VivariumError): QueueProblem[] {
  if (error instanceof InvalidInputError)
    return error.problems.map(({ field, message }) =>
      problemAt(entry, document, field.replace(/^tasks\[\d+\]\./, '').split('.'), message),
    );
  const fix = error instanceof TaskConflictError && error.fix ? `; ${error.fix}` : '';
  return [problemAt(entry, document, [], `${error.message.replace(`Task ${entryId(entry)} `, '')}${fix}`)];
}

function endpointProblems(document: QueueDocument): QueueProblem[] {
  const { refused } = readEndpoint(document.api_endpoint);
  if (refused === undefined) return [];
  const line = document.locate.lineOf(['api_endpoint']);
  return [{ field: 'api_endpoint', line, message: refused, refused: document.api_endpoint }];
}
