import { type Backend, type Clock, type Config, systemClock, workspacePaths } from '@vivarium/core';
import { enterWorld, fileBackend } from '@vivarium/storage-files';

/**
 * Open the backend that the settings name. The only place that knows which backends there are; a world that a newer program
 * wrote is not touched. @throws WorldTooNewError
 */
export async function openBackend({ workspace }: Pick<Config, 'workspace'>, clock: Clock = systemClock): Promise<Backend> {
  const paths = workspacePaths(workspace);
  enterWorld(paths);
  return fileBackend(paths, clock);
}
