import { asOwner, InvalidInputError, perform, type Task } from '@vivarium/core';
import type { TaskWorld } from './world.ts';

interface Promised {
  readonly tip?: number;
  readonly promise?: number;
}

interface Quest {
  readonly task_id: string;
  readonly identity_id: string;
  readonly upfront_tip: number;
  readonly completion_reward: number;
}

export const hasQuest = ({ tip = 0, promise = 0 }: Promised): boolean => tip > 0 || promise > 0;

/** What is promised for the one task, to the one resident it is pinned to. @throws InvalidInputError */
export function questOf({ tip = 0, promise = 0 }: Promised, [task, ...more]: readonly Task[]): Quest {
  const field = promise > 0 ? '--promise' : '--tip';
  if (task?.identity_id === undefined || more.length > 0)
    throw new InvalidInputError('add', [{ field, message: 'is for one task of one resident: give --identity' }]);
  return { task_id: task.id, identity_id: task.identity_id, upfront_tip: tip, completion_reward: promise };
}

/**
 * Promise first and let the task enter then, so that none is finished before its reward waits. When the task cannot enter,
 * the promise is taken back; the tip is given. @throws CommandRefusal
 */
export async function withQuest(world: TaskWorld, quest: Quest, enter: () => Promise<number>): Promise<number> {
  const { task_id } = quest;
  if (world.store.get(task_id))
    throw new InvalidInputError('add', [{ field: 'id', message: `${task_id} already exists; promise something for a new task` }]);
  await perform(world, 'create_quest', quest, asOwner);
  try {
    return await enter();
  } catch (error) {
    await perform(world, 'end_quest', { task_id, status: 'cancelled' }, asOwner);
    throw error;
  }
}
