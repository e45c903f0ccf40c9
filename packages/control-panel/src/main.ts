import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  announceReady,
  createLogger,
  exitOnDisconnect,
  fieldProblemLine,
  fileExists,
  inWords,
  loadConfig,
  VivariumError,
  visible,
} from '@vivarium/core';
import { openWorld } from './open-world.ts';
import { startPanel } from './panel.ts';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');

/** The control panel as a process: serves until SIGTERM or SIGINT, then closes what is open. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger('panel', config);
  for (const notice of config.notices) log.warn(fieldProblemLine(notice));
  const world = await openWorld(config, log);
  const panel = await startPanel(world, DIST);
  let leaving = false;
  const leave = (code: number) => {
    if (leaving) process.exit(code);
    leaving = true;
    setTimeout(() => process.exit(code), 3000).unref();
    void panel
      .close()
      .then(() => world.close())
      .catch((error: unknown) => log.error({ err: error }, 'The panel did not close cleanly'))
      .finally(() => process.exit(code));
  };
  process.on('SIGTERM', () => leave(143));
  process.on('SIGINT', () => leave(130));
  exitOnDisconnect();
  if (!fileExists(join(DIST, 'index.html'))) log.warn('The page is not built; build it with: pnpm build:panel');
  announceReady(`Panel ready at ${panel.url}`, { port: panel.port });
}

main().catch((error: unknown) => {
  const known = error instanceof VivariumError;
  const { message, fix } = inWords(error);
  const plain = `${message}${fix === undefined ? '' : `\n${fix}`}`;
  const words = known || fix !== undefined || !(error instanceof Error) ? plain : error.stack;
  process.stderr.write(`${visible(words ?? plain)}\n`);
  process.exit(known && error.status === 400 ? 2 : 1);
});
