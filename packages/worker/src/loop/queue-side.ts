import { openBudgetReader, openIntake, openQueueFile, type QueueFile } from '@vivarium/core';
import type { Runtime } from '../pipeline/runtime.ts';

/** How long the API may take to say where its models come from. */
const PATIENCE_MS = 2_000;

/** The worker's side of `queue.json`: what people write there enters, and the file shows what became of it. */
export async function openQueueSide({
  config,
  paths,
  clock,
  store,
  activity,
  api,
}: Pick<Runtime, 'config' | 'paths' | 'clock' | 'store' | 'activity' | 'api'>): Promise<Pick<QueueFile, 'close'>> {
  const isLocalServer = async () => (await api.status(AbortSignal.timeout(PATIENCE_MS)))?.provider.name === 'local';
  const { faults } = openIntake({ config, isLocalServer });
  const costs = await openBudgetReader(paths, config.budgetLimitUsd);
  const file = await openQueueFile({ paths, clock, store, costs, note: (entry) => activity.note(entry), check: faults });
  const stop = file.watch();
  return {
    async close() {
      stop();
      await file.close();
      await costs.close();
    },
  };
}
