import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { startPostgres } from '../servers.mjs';

const NAME = 'bench';
const VERSION = '1';

async function launch(url, executorID, job) {
  DBOS.registerWorkflow(async (item) => job(item), { name: 'job' });
  const quiet = { runAdminServer: false, logLevel: 'error' };
  DBOS.setConfig({ name: NAME, systemDatabaseUrl: url, applicationVersion: VERSION, executorID, ...quiet });
  await DBOS.launch();
}

/** Durable workflows of one empty function, enqueued from outside as a client does. */
export const dbos = () => ({
  server: startPostgres,
  async producer({ url }) {
    await launch(url, 'filler', () => undefined);
    await DBOS.shutdown();
    const client = await DBOSClient.create({ systemDatabaseUrl: url, applicationName: NAME });
    const options = { workflowName: 'job', queueName: NAME, appVersion: VERSION };
    return {
      add: (items) => Promise.all(items.map((item) => client.enqueue(options, item))),
      close: () => client.destroy(),
    };
  },
  /** It asks its queue every 10 ms; the default of a second would show nothing but that second. */
  async worker({ url }, workerConcurrency, { begun, done }) {
    await launch(url, String(process.pid), (item) => {
      begun(item);
      done(item);
    });
    return () => DBOS.registerQueue(NAME, { workerConcurrency, minPollingIntervalMs: 10 });
  },
});
