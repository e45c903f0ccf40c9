import { Queue, Worker } from 'bullmq';
import { startRedis } from '../servers.mjs';

export const bullmq = (fsync) => ({
  server: () => startRedis(fsync),
  async producer({ port }) {
    const queue = new Queue('bench', { connection: { host: '127.0.0.1', port } });
    return {
      add: (items) => queue.addBulk(items.map((data) => ({ name: 'job', data }))),
      close: () => queue.close(),
    };
  },
  async worker({ port }, concurrency, { begun, done }) {
    const options = { connection: { host: '127.0.0.1', port }, concurrency, autorun: false };
    const worker = new Worker('bench', async ({ data }) => begun(data), options);
    worker.on('completed', ({ data }) => done(data));
    worker.on('error', () => undefined);
    await worker.waitUntilReady();
    return () => worker.run();
  },
});
