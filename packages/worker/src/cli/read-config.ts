import { type Config, fieldProblemLine, loadConfig } from '@vivarium/core';
import { say } from './output.ts';

/** The settings, for a command that is about to look into the world. @throws InvalidInputError */
export function readConfig(): Config {
  const config = loadConfig();
  tellNotices(config);
  return config;
}

/** Say which lines of the settings have no effect, before the command says anything. */
export function tellNotices({ notices }: Config): void {
  for (const notice of notices) say(fieldProblemLine(notice));
}
