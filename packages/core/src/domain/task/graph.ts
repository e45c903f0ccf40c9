import { FINAL, SATISFYING, type TaskStatus } from '../../contract/status.ts';
import type { Task } from '../../contract/task.ts';
import type { FieldProblem } from '../../errors/index.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/** Ids a task waits for; undefined when there is no such task. */
export type DependenciesOf = (taskId: string) => readonly string[] | undefined;

/**
 * What is wrong with the dependencies of tasks about to enter or change: ids used twice, ids that exist nowhere, and
 * circles. `existing` answers for tasks that stand already.
 */
export function graphProblems(tasks: readonly Task[], existing: DependenciesOf): FieldProblem[] {
  return graphFaults(tasks, existing).map(({ index, field, message }) => ({ field: at(tasks, index, field), message }));
}

/** The same by the place of the task among those that are about to enter. */
export function graphFaults(tasks: readonly Task[], existing: DependenciesOf) {
  const fresh = new Map<string, { task: Task; index: number }>();
  const problems: { readonly index: number; readonly field: string; readonly message: string }[] = [];
  for (const [index, task] of tasks.entries()) {
    if (fresh.has(task.id)) problems.push({ index, field: 'id', message: `id ${task.id} is used twice` });
    fresh.set(task.id, { task, index });
  }
  const dependencies: DependenciesOf = (id) => fresh.get(id)?.task.depends_on ?? existing(id);
  for (const [index, task] of tasks.entries()) {
    for (const id of task.depends_on)
      if (dependencies(id) === undefined)
        problems.push({
          index,
          field: 'depends_on',
          message: `there is no task ${id}; add it first or in the same file`,
        });
  }
  for (const [index, task] of tasks.entries()) {
    const circle = circleFrom(task.id, dependencies);
    if (circle) problems.push({ index, field: 'depends_on', message: `dependency cycle: ${circle.join(' -> ')}` });
  }
  return problems;
}

const at = (tasks: readonly Task[], index: number, field: string): string =>
  tasks.length === 1 ? field : `tasks[${index}].${field}`;

/** Walk what `start` waits for, without recursion; a path back to it is the circle. */
function circleFrom(start: string, dependencies: DependenciesOf): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of dependencies(id) ?? []) {
      if (next === start) return pathTo(id, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      open.push(next);
    }
  }
  return undefined;
}

function pathTo(last: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [start];
  for (let id: string | undefined = last; id !== undefined && id !== start; id = cameFrom.get(id)) path.unshift(id);
  return [start, ...path];
}

type StatusOf = (taskId: string) => TaskStatus | undefined;

/** The ids a waiting task still waits for: what it depends on, and its steps until one of them has ended without success. */
export function openDependencies(record: Pick<TaskRecord, 'task' | 'children'>, statusOf: StatusOf): string[] {
  const steps = lostSteps(record, statusOf).length > 0 ? [] : (record.children ?? []);
  return [...record.task.depends_on, ...steps].filter((id) => !SATISFYING.has(statusOf(id) ?? 'queued'));
}

/** The steps of a task that have ended without success. */
export function lostSteps({ children }: Pick<TaskRecord, 'children'>, statusOf: StatusOf): string[] {
  return (children ?? []).filter((id) => {
    const status = statusOf(id);
    return status !== undefined && FINAL.has(status) && !SATISFYING.has(status);
  });
}
