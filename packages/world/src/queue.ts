import { hearVerdicts, type World } from '@vivarium/core';
import { openQueueFile, QUEUE_FILE_ACTOR } from '@vivarium/storage-files';

type Warn = (details: object, message: string) => void;

/**
 * Do something between two readings of `queue.json`: what people wrote there enters before it, and the file shows what came of
 * it, whether a worker runs or not. What follows a verdict of the file is done before this ends; what cannot be followed up is
 * warned of and left to a worker. @throws StorageError, and what `work` throws
 */
export async function withQueueFile<T>(world: World, warn: Warn, work: () => T | Promise<T>): Promise<T> {
  const { config, paths, clock, activity, intake } = world;
  const [store, costs] = await Promise.all([world.tasks(), world.costs()]);
  const verdicts = hearVerdicts(store, [QUEUE_FILE_ACTOR]);
  const note: typeof activity.note = (entry) => activity.note(entry);
  const queue = await openQueueFile({ paths, store, costs, clock, note, check: intake.faults });
  try {
    return await work();
  } finally {
    await queue.close();
    verdicts.stop();
    if (verdicts.size > 0) {
      const follow = async () => verdicts.followUp({ config, store, society: await world.society(), warn });
      await follow().catch((err: unknown) => warn({ err }, `what follows is left to a worker: ${wordsOf(err)}`));
    }
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
