import type { World } from '@vivarium/core';
import { openQueueFile, type QueueFile } from '@vivarium/world';
import type { Runtime } from '../pipeline/runtime.ts';

/** The worker's side of `queue.json`: what people write there enters, and the file shows what became of it. */
export async function openQueueSide(world: World, { store }: Pick<Runtime, 'store'>): Promise<Pick<QueueFile, 'close'>> {
  const { paths, clock, activity, intake } = world;
  const costs = await world.costs();
  const note: typeof activity.note = (entry) => activity.note(entry);
  const file = await openQueueFile({ paths, clock, store, costs, note, check: intake.faults });
  const stop = file.watch();
  return {
    async close() {
      stop();
      await file.close();
    },
  };
}
