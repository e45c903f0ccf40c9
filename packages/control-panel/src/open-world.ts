import {
  type Config,
  internalToken,
  openActivityLog,
  openBudgetLedger,
  openTaskStore,
  switches,
  systemClock,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import type { FaultLog } from './http/errors.ts';
import type { World } from './world.ts';

/** Open the workspace of a configuration for the panel. `close` lets go of every file. */
export async function openWorld(config: Config, log: FaultLog): Promise<World & { close(): Promise<void> }> {
  const paths = workspacePaths(config.workspace);
  const clock = systemClock;
  const workers = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: workers });
  const budget = await openBudgetLedger({ paths, capUsd: config.budgetLimitUsd, clock });
  const activity = openActivityLog(paths, clock);
  return {
    config,
    paths,
    token: internalToken(paths, config),
    store,
    budget,
    switches: switches(paths, clock),
    workers,
    activity,
    now: clock.now,
    log,
    async close() {
      activity.close();
      await Promise.all([store.close(), budget.close()]);
    },
  };
}
