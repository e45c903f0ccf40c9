import { FINAL, SATISFYING } from '../../contract/status.ts';
import type { PersonCommand, TaskRecord } from '../../ports/task-store.ts';

/**
 * The other tasks that a person's decision on one concerns. Retrying a step lets the task that failed for it go on;
 * retrying such a task retries its lost steps; cancelling it cancels the steps that are not finished.
 */
export function relatives(
  record: TaskRecord,
  command: Pick<PersonCommand, 'kind'>,
  get: (taskId: string) => TaskRecord | undefined,
): TaskRecord[] {
  if (command.kind === 'retry') return [...below(record, get, isLost), ...above(record, get)];
  if (command.kind === 'cancel') return below(record, get, ({ status }) => !FINAL.has(status));
  return [];
}

const isLost = ({ status }: TaskRecord): boolean => FINAL.has(status) && !SATISFYING.has(status);

function below(
  record: TaskRecord,
  get: (taskId: string) => TaskRecord | undefined,
  concerned: (step: TaskRecord) => boolean,
): TaskRecord[] {
  return (record.children ?? []).flatMap((id) => {
    const step = get(id);
    return step && concerned(step) ? [step, ...below(step, get, concerned)] : [];
  });
}

function above({ task }: TaskRecord, get: (taskId: string) => TaskRecord | undefined): TaskRecord[] {
  const parent = task.parent_task_id === undefined ? undefined : get(task.parent_task_id);
  if (!parent?.children?.includes(task.id) || parent.status !== 'failed') return [];
  return [parent, ...above(parent, get)];
}
