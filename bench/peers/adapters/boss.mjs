import PgBoss from 'pg-boss';
import { startPostgres } from '../servers.mjs';

async function open(url) {
  const boss = new PgBoss({ connectionString: url });
  boss.on('error', () => undefined);
  await boss.start();
  return boss;
}

export const boss = () => ({
  server: startPostgres,
  async producer({ url }) {
    const queue = await open(url);
    await queue.createQueue('bench');
    return {
      add: (items) => queue.insert(items.map((data) => ({ name: 'bench', data }))),
      close: () => queue.stop({ graceful: false }),
    };
  },
  /** Its own worker waits half a second between fetches; fetching in a loop shows what its store can do. */
  async worker({ url }, batchSize, { begun, done }) {
    const queue = await open(url);
    return async () => {
      for (;;) {
        const jobs = await queue.fetch('bench', { batchSize });
        if (jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        for (const { data } of jobs) begun(data);
        await Promise.all(jobs.map(({ id, data }) => queue.complete('bench', id).then(() => done(data))));
      }
    };
  },
});
