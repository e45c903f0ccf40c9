import { type Config, enterWorld, fieldProblemLine, loadConfig, workspacePaths } from '@vivarium/core';
import { say } from './output.ts';

/** The settings, for a command that is about to look into the world. @throws InvalidInputError, WorldTooNewError */
export function readConfig(): Config {
  const config = loadConfig();
  tellNotices(config);
  enterWorld(workspacePaths(config.workspace));
  return config;
}

/** Say which lines of the settings have no effect, before the command says anything. */
export function tellNotices({ notices }: Config): void {
  for (const notice of notices) say(fieldProblemLine(notice));
}
