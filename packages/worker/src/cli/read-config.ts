import { type Config, enterWorld, loadConfig, workspacePaths } from '@vivarium/core';

/** The settings, for a command that is about to look into the world. @throws InvalidInputError, WorldTooNewError */
export function readConfig(): Config {
  const config = loadConfig();
  enterWorld(workspacePaths(config.workspace));
  return config;
}
