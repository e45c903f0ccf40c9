import {
  apiEndpoint,
  type Config,
  type HeardVerdicts,
  hearVerdicts,
  type Intake,
  internalToken,
  openActivityLog,
  openBudgetReader,
  openIntake,
  openQueueFile,
  openTaskStore,
  QUEUE_FILE_ACTOR,
  type StatusReport,
  type Switches,
  switches,
  systemClock,
  type TaskCosts,
  type TaskStore,
  type WorkerRegistry,
  type WorkspacePaths,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import { type CycleClient, openCycleClient } from '../api/cycle-client.ts';
import { consoleOutput } from './output.ts';
import { readConfig } from './read-config.ts';
import { inSociety } from './society.ts';

/** The workspace as a command sees it: files only; the API is asked where it may help and never needed. */
export interface World {
  readonly config: Config;
  readonly paths: WorkspacePaths;
  readonly store: TaskStore & { readonly badLines: readonly { file: string; line_start: number; reason: string }[] };
  readonly registry: WorkerRegistry;
  readonly switches: Switches;
  readonly costs: TaskCosts;
  /** What every task passes before it enters. */
  readonly intake: Intake;
  close(): Promise<void>;
}

async function openWorld(config: Config = readConfig()): Promise<World> {
  const paths = workspacePaths(config.workspace);
  const clock = systemClock;
  const registry = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: registry });
  const intake = openIntake({ config, isLocalServer: () => modelsAreLocal(config, paths) });
  const costs = await openBudgetReader(paths, config.budgetLimitUsd);
  const close = async () => {
    await Promise.all([store.close(), costs.close()]);
  };
  return { config, paths, store, registry, costs, switches: switches(paths, clock), intake, close };
}

/** Whose verdicts a command follows up: its own, and what the file says that people edit. */
const PEOPLE = ['person', QUEUE_FILE_ACTOR];

/**
 * Run a command on the open workspace and close it again, whatever happens. What people wrote into `queue.json` counts
 * before the command does, and the file shows what the command changed, whether a worker runs or not. What follows a
 * verdict is done before the command ends.
 */
export async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld();
  const { paths, store } = world;
  const verdicts = hearVerdicts(store, PEOPLE);
  const activity = openActivityLog(paths, systemClock);
  const queue = await openQueueFile({
    paths,
    store,
    costs: world.costs,
    clock: systemClock,
    note: (entry) => activity.note(entry),
    check: world.intake.faults,
  });
  try {
    return await work(world);
  } finally {
    await queue.close();
    activity.close();
    if (verdicts.size > 0) await followUp(world, verdicts);
    await world.close();
  }
}

/** Book, tell and remember what a person just decided. */
async function followUp({ config, store }: World, verdicts: HeardVerdicts): Promise<void> {
  const warn = (_details: object, message: string) => consoleOutput(false).say(message);
  await inSociety((society) => verdicts.followUp({ config, store, society, warn })).catch((error: unknown) =>
    warn({}, `what follows is left to a worker: ${error instanceof Error ? error.message : String(error)}`),
  );
}

/** Whether a running API gets its models from a server on this machine. */
async function modelsAreLocal(config: Config, paths: WorkspacePaths): Promise<boolean> {
  return (await askApi(config, paths))?.provider.name === 'local';
}

/** What the API says of itself, or undefined when it is not running. */
export async function askApi(config: Config, paths: WorkspacePaths): Promise<StatusReport | undefined> {
  const client = apiClient(config, paths);
  try {
    return await client.status(AbortSignal.timeout(2_000));
  } finally {
    await client.close();
  }
}

/** A door to the API that has to be closed again. */
function apiClient(config: Config, paths: WorkspacePaths): CycleClient {
  const endpoint = apiEndpoint(config, paths);
  return openCycleClient({ endpoint, token: internalToken(paths, config), connections: 1 });
}
