import {
  apiEndpoint,
  apiStatus,
  type BudgetReader,
  type Config,
  type HeardVerdicts,
  hearVerdicts,
  type StatusReport,
  type Tasks,
  type WorkspacePaths,
  type World,
} from '@vivarium/core';
import { openQueueFile, openWorld, QUEUE_FILE_ACTOR } from '@vivarium/world';
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

/**
 * The same with the tasks. What people wrote into `queue.json` counts before the command does, and the file shows what the
 * command changed, whether a worker runs or not. What follows a verdict of the file is done before the
 * command ends.
 */
export function inWorld<T>(work: (world: TaskWorld) => Promise<T>): Promise<T> {
  return inBareWorld(async (bare) => {
    const [store, money] = await Promise.all([bare.tasks(), bare.costs()]);
    const { paths, clock, activity, intake } = bare;
    const world = { ...bare, store, money };
    const verdicts = hearVerdicts(store, [QUEUE_FILE_ACTOR]);
    const note: typeof activity.note = (entry) => activity.note(entry);
    const queue = await openQueueFile({ paths, store, costs: money, clock, note, check: intake.faults });
    try {
      return await work(world);
    } finally {
      await queue.close();
      if (verdicts.size > 0) await followUp(world, verdicts);
    }
  });
}

/** Book, tell and remember what the file decided. */
async function followUp({ config, store, society }: TaskWorld, verdicts: HeardVerdicts): Promise<void> {
  const warn = (_details: object, message: string) => consoleOutput(false).say(message);
  try {
    await verdicts.followUp({ config, store, society: await society(), warn });
  } catch (error) {
    warn({}, `what follows is left to a worker: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether a running API gets its models from a server on this machine. */
async function modelsAreLocal(config: Config, paths: WorkspacePaths): Promise<boolean> {
  return (await askApi(config, paths))?.provider.name === 'local';
}

/** What the API says of itself, or undefined when it is not running. @throws InvalidInputError for an address beyond this machine */
export async function askApi(config: Config, paths: WorkspacePaths): Promise<StatusReport | undefined> {
  return apiStatus(apiEndpoint(config, paths));
}
