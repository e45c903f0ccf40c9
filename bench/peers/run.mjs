/**
 * One peer, one shape: `run.mjs <peer> <workers> <concurrency> <jobs>`. Prints one line of JSON: jobs per second from the
 * first start to the last completion, or why it was skipped. Jobs are empty, as in our own rows; workers are processes of
 * this same file for the peers whose library runs in the caller's process.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNats, startPostgres, startRedis } from './servers.mjs';

const [peer, workers = '1', concurrency = '1', jobs = '1000', where] = process.argv.slice(2);
const WANT = Number(jobs);

const PEERS = {
  'bullmq, default': () => onRedis('no'),
  'bullmq, every append synced': () => onRedis('always'),
  'graphile-worker': () => onPostgres(fillGraphile),
  'graphile-worker, local queue': () => onPostgres(fillGraphile),
  'pg-boss': () => onPostgres(fillBoss),
  'nats jetstream': () => onNats(),
  'dbos transact': () => onPostgres(async (url) => (await import('./dbos.mjs')).fillDbos(url, WANT)),
  'plainjob, default': () => inFile(),
  'plainjob, every commit synced': () => inFile(),
};

async function onRedis(fsync) {
  const redis = await startRedis(fsync);
  if (!redis) return skip('redis-server is not installed');
  const { Queue } = await import('bullmq');
  const connection = { host: '127.0.0.1', port: redis.port };
  const queue = new Queue('bench', { connection });
  for (let from = 0; from < WANT; from += 1000)
    await queue.addBulk(Array.from({ length: Math.min(1000, WANT - from) }, (_, n) => ({ name: 'job', data: { n: from + n } })));
  const rate = await raceWorkers(String(redis.port));
  await queue.close();
  await redis.stop();
  return rate;
}

async function onPostgres(fill) {
  const server = await startPostgres();
  if (!server) return skip('PostgreSQL is not installed');
  await fill(server.url);
  const rate = await raceWorkers(server.url);
  await server.stop();
  return rate;
}

async function onNats() {
  const server = await startNats();
  if (!server) return skip('nats-server is not installed');
  const { fillNats } = await import('./nats.mjs');
  await fillNats(server.port, WANT);
  const rate = await raceWorkers(String(server.port));
  await server.stop();
  return rate;
}

async function fillGraphile(url) {
  const { makeWorkerUtils } = await import('graphile-worker');
  const utils = await makeWorkerUtils({ connectionString: url });
  await utils.migrate();
  const add = "select graphile_worker.add_job($1, json_build_object('n', n)) from generate_series(1, $2::int) n";
  await utils.withPgClient((client) => client.query(add, ['job', WANT]));
  await utils.release();
}

async function fillBoss(url) {
  const { default: PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ connectionString: url });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue('bench');
  for (let from = 0; from < WANT; from += 1000)
    await boss.insert(Array.from({ length: Math.min(1000, WANT - from) }, (_, n) => ({ name: 'bench', data: { n: from + n } })));
  await boss.stop({ graceful: false });
}

async function inFile() {
  const folder = mkdtempSync(join(tmpdir(), 'viv-plainjob-'));
  const file = join(folder, 'jobs.db');
  const { queue, close } = await plainQueue(file);
  for (let n = 0; n < WANT; n++) queue.add('job', { n });
  close();
  const rate = await raceWorkers(file);
  rmSync(folder, { recursive: true, force: true });
  return rate;
}

async function plainQueue(file) {
  const { default: Database } = await import('better-sqlite3');
  const { better, defineQueue } = await import('plainjob');
  const database = new Database(file);
  const queue = defineQueue({ connection: better(database), logger: quiet });
  // The library sets NORMAL, which loses commits in a power cut; FULL is what our own rows promise.
  if (peer.endsWith('synced')) database.pragma('synchronous = FULL');
  return { queue, close: () => queue.close() };
}

const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const skip = (reason) => ({ skipped: reason });

/** Start the workers as processes, let them go together, and stop when all jobs are done. */
async function raceWorkers(address) {
  const self = fileURLToPath(import.meta.url);
  const children = Array.from({ length: Number(workers) }, () =>
    fork(self, [peer, '1', concurrency, '0', address], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  );
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
  let done = 0;
  const begun = process.hrtime.bigint();
  await new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`only ${done} of ${WANT} jobs in 120 s`)), 120_000);
    for (const child of children) {
      child.on('message', ({ count }) => {
        done += count;
        if (done < WANT) return;
        clearTimeout(limit);
        resolve();
      });
      child.send('go');
    }
  });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  for (const child of children) child.kill('SIGKILL');
  return { rate: WANT / seconds };
}

/** A worker process: connect, say so, wait for the start, and report completions in small heaps. */
async function work() {
  let unsaid = 0;
  setInterval(() => {
    if (unsaid > 0) process.send({ count: unsaid });
    unsaid = 0;
  }, 5);
  const finished = () => {
    unsaid += 1;
  };
  const begin = await prepare(finished);
  process.send({ ready: true });
  process.once('message', begin);
}

async function prepare(finished) {
  if (peer.startsWith('bullmq')) {
    const { Worker } = await import('bullmq');
    const options = { connection: { host: '127.0.0.1', port: Number(where) }, concurrency: Number(concurrency), autorun: false };
    const worker = new Worker('bench', async () => undefined, options);
    worker.on('completed', finished);
    worker.on('error', () => undefined);
    await worker.waitUntilReady();
    return () => worker.run();
  }
  if (peer.startsWith('graphile')) {
    const { Logger, run, runMigrations } = await import('graphile-worker');
    const logger = new Logger(() => () => undefined);
    const preset = peer.endsWith('local queue')
      ? { preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0 } } }
      : {};
    const taskList = { job: async () => finished() };
    await runMigrations({ connectionString: where, logger });
    return () =>
      run({
        connectionString: where,
        concurrency: Number(concurrency),
        pollInterval: 100,
        taskList,
        logger,
        noHandleSignals: true,
        ...preset,
      });
  }
  if (peer === 'pg-boss') {
    const { default: PgBoss } = await import('pg-boss');
    const boss = new PgBoss({ connectionString: where });
    boss.on('error', () => undefined);
    await boss.start();
    const options = { batchSize: Number(concurrency), pollingIntervalSeconds: 0.5 };
    return () => bossLoop(boss, options, finished);
  }
  if (peer.startsWith('nats')) return (await import('./nats.mjs')).prepareNats(Number(where), Number(concurrency), finished);
  if (peer.startsWith('dbos')) return (await import('./dbos.mjs')).prepareDbos(where, Number(concurrency), finished);
  const { queue } = await plainQueue(where);
  const { defineWorker } = await import('plainjob');
  return () => defineWorker('job', async () => undefined, { queue, logger: quiet, onCompleted: finished }).start();
}

/** pg-boss's own worker waits half a second between fetches; fetching in a loop shows what its store can do. */
async function bossLoop(boss, options, finished) {
  for (;;) {
    const jobs = await boss.fetch('bench', { batchSize: options.batchSize });
    if (jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all(
      jobs.map(async (job) => {
        await boss.complete('bench', job.id);
        finished();
      }),
    );
  }
}

if (where === undefined) {
  const run = PEERS[peer];
  const result = run
    ? await run().catch((cause) => skip(String(cause.message ?? cause)))
    : skip(`unknown peer; one of ${Object.keys(PEERS).join(', ')}`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
} else await work();
