import { hearVerdicts, type World } from '@vivarium/core';
import { openQueueFile, QUEUE_FILE_ACTOR } from '@vivarium/storage-files';

/**
 * Bring `queue.json` and the tasks together once: what people wrote there enters, what follows its verdicts is done, and the file
 * shows how things are. A running worker does so by itself. @throws StorageError
 */
export async function syncQueueFile(world: World, warn: (details: object, message: string) => void): Promise<void> {
  const { config, paths, clock, activity, intake } = world;
  const [store, costs] = await Promise.all([world.tasks(), world.costs()]);
  const verdicts = hearVerdicts(store, [QUEUE_FILE_ACTOR]);
  const note: typeof activity.note = (entry) => activity.note(entry);
  const file = await openQueueFile({ paths, store, costs, clock, note, check: intake.faults });
  await file.close();
  verdicts.stop();
  if (verdicts.size > 0) await verdicts.followUp({ config, store, society: await world.society(), warn });
}
