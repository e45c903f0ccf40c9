import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';

const NAME = 'bench';
const VERSION = '1';

/** Enqueue so many durable workflows from outside, as a client does. */
export async function fillDbos(url, want) {
  await launch(url, 'filler', () => undefined);
  await DBOS.shutdown();
  const client = await DBOSClient.create({ systemDatabaseUrl: url, applicationName: NAME });
  const options = { workflowName: 'job', queueName: NAME, appVersion: VERSION };
  for (let from = 0; from < want; from += 100)
    await Promise.all(Array.from({ length: Math.min(100, want - from) }, (_, n) => client.enqueue(options, from + n)));
  await client.destroy();
}

/** A worker process asks its queue every 10 ms; the default of a second would show nothing but that second. */
export async function prepareDbos(url, concurrency, finished) {
  await launch(url, String(process.pid), finished);
  return () => DBOS.registerQueue(NAME, { workerConcurrency: concurrency, minPollingIntervalMs: 10 });
}

async function launch(url, executorID, finished) {
  DBOS.registerWorkflow(async () => finished(), { name: 'job' });
  const quiet = { runAdminServer: false, logLevel: 'error' };
  DBOS.setConfig({ name: NAME, systemDatabaseUrl: url, applicationVersion: VERSION, executorID, ...quiet });
  await DBOS.launch();
}
