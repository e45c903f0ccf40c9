import type { Task } from '../../contract/task.ts';

/** True for tasks that run a command instead of asking a model. */
export const isLocal = (task: Task): boolean => task.mode === 'local' || (task.command !== undefined && task.mode === undefined);

/** True for tasks that cannot be done without a model, as far as the task itself tells. */
export const needsModel = (task: Task): boolean => task.prompt !== undefined && task.skill === undefined && !isLocal(task);
