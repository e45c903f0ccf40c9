import {
  apiEndpoint,
  apiStatus,
  type BudgetReader,
  type Config,
  type StatusReport,
  type Tasks,
  type WorkspacePaths,
  type World,
} from '@vivarium/core';
import { openWorld, withQueueFile } from '@vivarium/world';
import { consoleOutput } from './output.ts';
import { readConfig } from './read-config.ts';

/** The world as a command sees it, with its tasks open. The API is asked where it may help and never needed. */
export interface TaskWorld extends World {
  readonly store: Tasks;
  readonly money: BudgetReader;
}

/** Run a command on the world and close what it opened, whatever happens. */
export async function inBareWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const config = readConfig();
  const world = await openWorld(config, { isLocalServer: () => modelsAreLocal(config, world.paths) });
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

/** The same with the tasks, between two readings of `queue.json`: what people wrote there counts before the command does. */
export function inWorld<T>(work: (world: TaskWorld) => Promise<T>): Promise<T> {
  return inBareWorld(async (bare) => {
    const [store, money] = await Promise.all([bare.tasks(), bare.costs()]);
    const warn = (_details: object, message: string) => consoleOutput(false).say(message);
    return withQueueFile(bare, warn, () => work(Object.assign(bare, { store, money })));
  });
}

/** Whether a running API gets its models from a server on this machine. */
async function modelsAreLocal(config: Config, paths: WorkspacePaths): Promise<boolean> {
  return (await askApi(config, paths))?.provider.name === 'local';
}

/** What the API says of itself, or undefined when it is not running. @throws InvalidInputError for an address beyond this machine */
export async function askApi(config: Config, paths: WorkspacePaths): Promise<StatusReport | undefined> {
  return apiStatus(apiEndpoint(config, paths));
}
