/** Claims as soon as it hears of a task, and says how many milliseconds after its arrival in the log that was. */
import { openTaskStore, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = '', count = '100'] = process.argv.slice(2);
const liveness = { isLive: () => true, liveWorkers: () => ['w'] };
const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder)), liveness });
const latencies: number[] = [];
const finish = () => done({ latencies });

async function claimAll(): Promise<void> {
  for (const claim of await store.claim({ worker_id: 'w', limit: 10, assign: () => ({}) })) {
    latencies.push(Date.now() + (performance.now() % 1) - Date.parse(claim.record.added_at));
    if (latencies.length === Number(count)) finish();
  }
}

store.onEvent((event) => {
  if (event.event === 'task_added') void claimAll();
});
store.follow();
await ready();
