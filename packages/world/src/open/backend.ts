import { type Backend, type Clock, type Config, type Switches, systemClock, workspacePaths } from '@vivarium/core';
import { enterWorld, fileBackend } from '@vivarium/storage-files';

type Place = Pick<Config, 'workspace'>;

/** The only place that knows which backends there are. */
const backendOf = ({ workspace }: Place, clock: Clock): Backend => fileBackend(workspacePaths(workspace), clock);

/** Open the backend that the settings name. A world that a newer program wrote is not touched. @throws WorldTooNewError */
export async function openBackend(place: Place, clock: Clock = systemClock): Promise<Backend> {
  enterWorld(workspacePaths(place.workspace));
  return backendOf(place, clock);
}

/** The switches alone, of a world of any version: whoever wants to stop it must be able to. */
export const openSwitches = (place: Place): Switches => backendOf(place, systemClock).switches;
