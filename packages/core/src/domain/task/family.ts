import { FINAL, SATISFYING } from '../../contract/status.ts';
import type { PersonCommand, TaskRecord } from '../../ports/task-store.ts';

/**
 * The other tasks that a person's decision on one concerns. Retrying a step lets the task that failed for it go on;
 * retrying such a task retries its lost steps; cancelling it, or taking its breakdown back, cancels the open steps.
 */
export function relatives(
  record: TaskRecord,
  command: Pick<PersonCommand, 'kind'>,
  get: (taskId: string) => TaskRecord | undefined,
): TaskRecord[] {
  if (command.kind === 'retry') return [...below(record, get, isLost), ...above(record, get)];
  if (command.kind === 'cancel' || command.kind === 'collapse') return below(record, get, ({ status }) => !FINAL.has(status));
  return [];
}

/** What a decision on one task is on its relative. */
export const commandFor = (relative: TaskRecord, command: PersonCommand): PersonCommand =>
  command.kind === 'collapse'
    ? { kind: 'cancel', reason: `the breakdown of ${relative.task.parent_task_id ?? 'its task'} was taken back` }
    : command;

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
