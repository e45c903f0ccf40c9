import { openBudgetReader, openQueueFile, type QueueFile } from '@vivarium/core';
import type { Runtime } from './runtime.ts';

/** The worker's side of `queue.json`: what people write there enters, and the file shows what became of it. */
export async function openQueueSide({
  paths,
  clock,
  store,
  activity,
  config,
}: Pick<Runtime, 'paths' | 'clock' | 'store' | 'activity' | 'config'>): Promise<Pick<QueueFile, 'close'>> {
  const costs = await openBudgetReader(paths, config.budgetLimitUsd);
  const file = await openQueueFile({ paths, clock, store, costs, note: (entry) => activity.note(entry) });
  const stop = file.watch();
  return {
    async close() {
      stop();
      await file.close();
      await costs.close();
    },
  };
}
