import { announceReady, createLogger, exitOnDisconnect, fieldProblemLine, inWords, loadConfig, visible } from '@vivarium/core';
import { leaveLoopbackToProxy } from './gate/client/transport.ts';
import { openApi } from './open-api.ts';

const GRACE_MS = 3_000;

/** Start the execution API and serve until a signal comes. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger('api', config);
  for (const notice of config.notices) log.warn(fieldProblemLine(notice));
  const onFatal = (error: unknown) => {
    log.fatal({ err: error }, 'the disk can no longer be trusted; the API stops');
    process.exit(1);
  };
  if (config.loopbackByProxy) leaveLoopbackToProxy();
  const api = await openApi({ config, log, onFatal });
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (stopping) process.exit(code);
    stopping = true;
    log.info({ signal }, 'shutting down');
    api.close(GRACE_MS).then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: error }, 'the shutdown was not clean');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  exitOnDisconnect();
  const address = await api.app.listen({ host: '127.0.0.1', port: config.apiPort });
  announceReady(`Vivarium API ready at ${address}`, { port: Number(new URL(address).port) });
}

main().catch((error: unknown) => {
  const { message, fix } = inWords(error);
  process.stderr.write(visible(`The API cannot start: ${message}${fix === undefined ? '' : `\nWhat to do: ${fix}`}\n`));
  process.exit(1);
});
