import { type Config, type Switches, systemClock, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';

/** The switches alone, of a world of any version: whoever wants to stop it must be able to. */
export const openSwitches = ({ workspace }: Pick<Config, 'workspace'>): Switches =>
  fileBackend(workspacePaths(workspace), systemClock).switches;
