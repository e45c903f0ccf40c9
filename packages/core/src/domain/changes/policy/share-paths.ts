import type { Task } from '../../../contract/task.ts';
import { overlap } from './globs.ts';

type Changing = Pick<Task, 'id' | 'project' | 'paths'>;

/** Whether two tasks say that they change the same files of a project. What says nothing of paths is sorted out when it lands. */
export const sharePaths = (one: Changing, other: Changing): boolean =>
  one.project !== undefined &&
  one.project === other.project &&
  one.id !== other.id &&
  overlap(one.paths ?? [], other.paths ?? []);
