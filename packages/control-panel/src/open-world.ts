import {
  type Clock,
  type Config,
  enterWorld,
  type GateStore,
  internalToken,
  openActivityLog,
  openBudgetLedger,
  openGates,
  openIntake,
  openSkills,
  openSociety,
  openTaskStore,
  switches,
  systemClock,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import type { FaultLog } from './http/errors.ts';
import { rowsWithResidents } from './presenters/who.ts';
import { providerProbe } from './upstream/provider.ts';
import { ActNotifier } from './world/act-notifier.ts';
import type { World } from './world/world.ts';

/** Open the workspace of a configuration for the panel. `close` lets go of every file. */
export async function openWorld(
  config: Config,
  log: FaultLog,
  clock: Clock = systemClock,
): Promise<World & { close(): Promise<void> }> {
  const paths = workspacePaths(config.workspace);
  enterWorld(paths);
  const workers = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: workers });
  const budget = await openBudgetLedger({ paths, capUsd: config.budgetLimitUsd, clock });
  const activity = openActivityLog(paths, clock);
  const onViewError = (error: unknown) => log.error({ err: error }, "The society's files could not be brought up to date");
  const society = await openSociety({ paths, clock, activity, maxResidents: config.maxResidents, onViewError });
  const skills = await openSkills({ paths, installation: config.installation, clock });
  let gates: Promise<GateStore> | undefined;
  return {
    config,
    paths,
    token: internalToken(paths, config),
    store,
    rowOf: rowsWithResidents(store, budget),
    budget,
    society,
    skills,
    acts: new ActNotifier(),
    gates: () => (gates ??= openGates({ paths, clock, onViewError })),
    intake: openIntake({ config, isLocalServer: () => modelsAreLocal(config, clock) }),
    switches: switches(paths, clock),
    provider: providerProbe(
      () => config.apiPort,
      () => clock.now().getTime(),
    ),
    workers,
    activity,
    now: clock.now,
    log,
    async close() {
      await (await gates)?.close();
      await Promise.all([store.close(), budget.close(), society.close(), skills.close()]);
      activity.close();
    },
  };
}

/** Whether a running API gets its models from a server on this machine. */
async function modelsAreLocal({ apiPort }: Config, clock: Clock): Promise<boolean> {
  const ask = providerProbe(
    () => apiPort,
    () => clock.now().getTime(),
  );
  const view = await ask();
  return view.reachable && view.name === 'local';
}
