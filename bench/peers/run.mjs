/**
 * One peer, one shape: `run.mjs <peer> <workers> <concurrency> <jobs>` prints the jobs per second from the common start to
 * the last completion; with `latency` in place of the workers, milliseconds from adding a job to its start in one idle
 * worker. Prints one line of JSON, or why it was skipped. Jobs are empty, as in our own rows; workers are processes.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { wordsOf } from './servers.mjs';

/** Loaded when asked for: what is not installed is a peer that is skipped. */
const PEERS = {
  'bullmq, default': async () => (await import('./adapters/bullmq.mjs')).bullmq('no'),
  'bullmq, every append synced': async () => (await import('./adapters/bullmq.mjs')).bullmq('always'),
  'graphile-worker': async () => (await import('./adapters/graphile.mjs')).graphile(false),
  'graphile-worker, local queue': async () => (await import('./adapters/graphile.mjs')).graphile(true),
  'pg-boss': async () => (await import('./adapters/boss.mjs')).boss(),
  'nats jetstream': async () => (await import('./adapters/nats.mjs')).nats(),
  'dbos transact': async () => (await import('./adapters/dbos.mjs')).dbos(),
  'plainjob, default': async () => (await import('./adapters/plainjob.mjs')).plainjob(false),
  'plainjob, every commit synced': async () => (await import('./adapters/plainjob.mjs')).plainjob(true),
};
const HEAP = 500;
const LIMIT_MS = 150_000;
const now = () => performance.timeOrigin + performance.now();

const [name, workers = '1', concurrency = '1', jobs = '1000', address] = process.argv.slice(2);

if (address === undefined) {
  const result = await measure().catch((cause) => ({ skipped: String(cause.message ?? cause).split('\n')[0] }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
} else await work(JSON.parse(address));

async function measure() {
  if (!PEERS[name]) throw new Error(`unknown peer; one of ${Object.keys(PEERS).join(', ')}`);
  const peer = await PEERS[name]();
  const server = await peer.server();
  if (!server) throw new Error('its server is not installed');
  const { stop, ...where } = server;
  const producer = await peer.producer(where);
  try {
    return workers === 'latency' ? await latencies(producer, where) : { rate: await rate(producer, where) };
  } finally {
    await producer.close();
    await stop();
  }
}

async function rate(producer, where) {
  const want = Number(jobs);
  for (let from = 0; from < want; from += HEAP)
    await producer.add(Array.from({ length: Math.min(HEAP, want - from) }, (_, n) => ({ n: from + n })));
  const children = await startWorkers(Number(workers), where);
  const begun = now();
  await received(children, want, () => children.map((child) => child.send('go')));
  const seconds = (now() - begun) / 1000;
  for (const child of children) child.kill('SIGKILL');
  return want / seconds;
}

async function latencies(producer, where) {
  const want = Number(jobs);
  const children = await startWorkers(1, where);
  const times = await received(children, want, async () => {
    children[0].send('go');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (let n = 0; n < want; n++) {
      await producer.add([{ n, at: now() }]);
      await new Promise((resolve) => setTimeout(resolve, 5 + (n % 7)));
    }
  });
  children[0].kill('SIGKILL');
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(want / 2)], p99: times[Math.floor(want * 0.99)] };
}

async function startWorkers(count, where) {
  const self = fileURLToPath(import.meta.url);
  const args = [name, workers, concurrency, '0', JSON.stringify(where)];
  const children = Array.from({ length: count }, () => fork(self, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }));
  await Promise.all(children.map(isReady));
  return children;
}

/** Rejects with a worker's own words when it ends before it has begun. */
function isReady(child) {
  const said = wordsOf(child);
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a worker ended at once (${code}): ${said()}`)));
  });
}

/** Begin, and wait until so many jobs are done; what each took, as the workers tell. */
function received(children, want, begin) {
  const times = [];
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`only ${times.length} of ${want} jobs in time`)), LIMIT_MS);
    for (const child of children)
      child.on('message', ({ took }) => {
        times.push(...took);
        if (times.length < want) return;
        clearTimeout(limit);
        resolve(times);
      });
    Promise.resolve(begin()).catch(reject);
  });
}

/** A worker process: connect, say so, wait for the start, and report completions in small heaps. */
async function work(where) {
  let took = [];
  setInterval(() => {
    if (took.length > 0) process.send({ took });
    took = [];
  }, 5);
  const peer = await PEERS[name]();
  const note = ({ at = 0 }) => void took.push(now() - at);
  const nothing = () => undefined;
  const watched = workers === 'latency' ? { begun: note, done: nothing } : { begun: nothing, done: note };
  const begin = await peer.worker(where, Number(concurrency), watched);
  process.send({ took: [] });
  process.once('message', begin);
}
