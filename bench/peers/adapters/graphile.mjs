import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker';
import { startPostgres } from '../servers.mjs';

const logger = new Logger(() => () => undefined);
const LOCAL_QUEUE = { preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0 } } };

export const graphile = (localQueue) => ({
  server: startPostgres,
  async producer({ url }) {
    const utils = await makeWorkerUtils({ connectionString: url, logger });
    await utils.migrate();
    return {
      add: (items) => Promise.all(items.map((item) => utils.addJob('job', item))),
      close: () => utils.release(),
    };
  },
  async worker({ url }, concurrency, { begun, done }) {
    await runMigrations({ connectionString: url, logger });
    const options = { connectionString: url, concurrency, pollInterval: 100, logger, noHandleSignals: true };
    const job = async (item) => {
      begun(item);
      done(item);
    };
    return () => run({ ...options, taskList: { job }, ...(localQueue ? LOCAL_QUEUE : {}) });
  },
});
