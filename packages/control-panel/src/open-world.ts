import type { Clock, Config } from '@vivarium/core';
import { internalToken, openWorld as openWholeWorld } from '@vivarium/world';
import type { FaultLog } from './http/errors.ts';
import { rowsWithResidents } from './presenters/who.ts';
import { providerProbe } from './upstream/provider.ts';
import { ActNotifier } from './world/act-notifier.ts';
import type { World } from './world/world.ts';

/** Open the world of a configuration for the panel. `close` lets go of every file. */
export async function openWorld(config: Config, log: FaultLog, clock?: Clock): Promise<World & { close(): Promise<void> }> {
  const onViewError = (error: unknown) => log.error({ err: error }, "The society's files could not be brought up to date");
  const provider = providerProbe(
    () => config.apiPort,
    () => world.clock.now().getTime(),
  );
  const isLocalServer = async () => {
    const view = await provider();
    return view.reachable && view.name === 'local';
  };
  const world = await openWholeWorld(config, { isLocalServer, onViewError, ...(clock ? { clock } : {}) });
  const store = await world.tasks();
  const budget = await world.budget();
  const { paths, switches, workers, activity, intake, gates } = world;
  return {
    whole: world,
    config,
    paths,
    documents: world.backend.documents,
    token: internalToken(paths, config),
    store,
    rowOf: rowsWithResidents(store, budget),
    budget,
    society: await world.society(),
    skills: await world.skills(),
    acts: new ActNotifier(),
    gates,
    intake,
    switches,
    provider,
    workers,
    activity,
    now: () => world.clock.now(),
    log,
    close: () => world.close(),
  };
}
