import {
  type Config,
  enterWorld,
  fieldProblemLine,
  internalToken,
  loadConfig,
  loadIdentities,
  openActivityLog,
  openQueueFile,
  openSociety,
  openTaskStore,
  type StatusReport,
  type Switches,
  switches,
  systemClock,
  type TaskStore,
  type WorkerRegistry,
  type WorkspacePaths,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import { openCycleClient } from '../api/cycle-client.ts';
import { apiEndpointIn, resolveEndpoint } from '../api/endpoint.ts';
import { type ApprovalDeps, followApproval } from '../approvals.ts';
import { portIsExplicit } from '../runtime/open.ts';

/** The workspace as a command sees it: files only; the API is asked where it may help and never needed. */
export interface World {
  readonly config: Config;
  readonly paths: WorkspacePaths;
  readonly store: TaskStore & { readonly badLines: readonly { file: string; line_start: number; reason: string }[] };
  readonly registry: WorkerRegistry;
  readonly switches: Switches;
  close(): Promise<void>;
}

/** Say which lines of the settings have no effect, before the command says anything. */
export function tellNotices({ notices }: Config): void {
  for (const notice of notices) process.stderr.write(`${fieldProblemLine(notice)}\n`);
}

/** The settings, for a command that is about to look into the world. @throws InvalidInputError, WorldTooNewError */
export function readConfig(): Config {
  const config = loadConfig();
  tellNotices(config);
  enterWorld(workspacePaths(config.workspace));
  return config;
}

async function openWorld(config: Config = readConfig()): Promise<World> {
  const paths = workspacePaths(config.workspace);
  const clock = systemClock;
  const registry = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: registry });
  return { config, paths, store, registry, switches: switches(paths, clock), close: () => store.close() };
}

/**
 * Run a command on the open workspace and close it again, whatever happens. What people wrote into `queue.json` counts
 * before the command does, and the file shows what the command changed, whether a worker runs or not.
 */
export async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld();
  const { paths, store } = world;
  const activity = openActivityLog(paths, systemClock);
  const queue = await openQueueFile({ paths, store, clock: systemClock, note: (entry) => activity.note(entry) });
  try {
    return await work(world);
  } finally {
    await queue.close();
    activity.close();
    await world.close();
  }
}

/** Book and announce what a person just approved; a worker would do the same a moment later. */
export async function followUpByHand(world: World, taskId: string): Promise<void> {
  const record = world.store.get(taskId);
  if (!record) return;
  const residents = await loadIdentities(world.paths);
  const society = await openSociety({ paths: world.paths, clock: systemClock });
  const deps: ApprovalDeps = {
    config: world.config,
    store: world.store,
    society,
    identity: (id) => residents.find((resident) => resident.id === id),
  };
  try {
    await followApproval(deps, record);
  } finally {
    await society.close();
  }
}

/** What the API says of itself, or undefined when it is not running. */
export async function askApi(config: Config, paths: WorkspacePaths): Promise<StatusReport | undefined> {
  const endpoint = resolveEndpoint(apiEndpointIn(paths.queue), config.apiPort, portIsExplicit(config));
  const client = openCycleClient({ endpoint, token: internalToken(paths, config), connections: 1 });
  try {
    return await client.status(AbortSignal.timeout(2_000));
  } finally {
    await client.close();
  }
}
