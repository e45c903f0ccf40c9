import { sharePaths, type Task, type TaskStore } from '@vivarium/core';

/** Whether somebody, in whichever process, is at work on files of the same project that this task says it changes. */
export function pathsAreTaken(task: Task, store: Pick<TaskStore, 'list'>): boolean {
  if (task.project === undefined || task.paths === undefined) return false;
  const { records } = store.list({ statuses: ['in_progress', 'completed', 'pending_review'], limit: 1_000 });
  return records.some((record) => record.lease !== undefined && sharePaths(record.task, task));
}
