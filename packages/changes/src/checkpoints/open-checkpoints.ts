import type { Checkpoints } from '@vivarium/core';
import type { CheckpointWorld } from './deps.ts';
import { drill } from './drill.ts';
import { checkpointNamed, previewRestore } from './preview.ts';
import { restore } from './restore.ts';
import { takeCheckpoint } from './take.ts';

/** The checkpoints of a world. What changes projects is done one after another. */
export function openCheckpoints(world: CheckpointWorld): Checkpoints {
  let work: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(next: () => Promise<T>): Promise<T> => {
    const done = work.then(next, next);
    work = done.catch(() => undefined);
    return done;
  };
  return {
    async take(about) {
      const log = await world.changes();
      const taken = await takeCheckpoint(world, about);
      await log.record(taken);
      return checkpointNamed(log, taken.checkpoint_id);
    },
    preview: (id, project) => previewRestore(world, id, project),
    restore: (id, options) => inTurn(() => restore(world, id, options)),
    drill: (project) => inTurn(() => drill(world, project)),
  };
}
