/** Bring about events in a world at a steady rate: every tenth of a second some tasks are added, so many a second in all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openTaskStore, Task, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const STEP_MS = 100;
const [folder = '', rate = '500', seconds = '10'] = process.argv.slice(2);
const liveness = { isLive: () => true, liveWorkers: () => [] };
const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder)), liveness });
const each = (Number(rate) * STEP_MS) / 1000;
await ready();
const begun = performance.now();
for (let step = 0; step < Number(seconds) * (1000 / STEP_MS); step += 1) {
  const tasks = Array.from({ length: each }, (_, n) => Task.parse({ id: `busy-${step}-${n}`, prompt: 'Count to ten' }));
  await store.add(tasks, 'bench');
  await sleep(Math.max(0, begun + (step + 1) * STEP_MS - performance.now()));
}
const took_s = (performance.now() - begun) / 1000;
await store.close();
done({ events: each * Number(seconds) * (1000 / STEP_MS), took_s });
