/** Prepare a world: `queued` waiting tasks and `finished` approved ones. */
import { openTaskStore, Review, Task, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = '', queued = '0', finished = '0'] = process.argv.slice(2);
const liveness = { isLive: () => true, liveWorkers: () => [] };
const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder)), liveness });
const review = Review.parse({ verdict: 'APPROVE', confidence: 1, issues: [], suggestions: [], witnesses: [], by: 'evidence' });
const add = async (prefix: string, count: number) => {
  for (let from = 0; from < count; from += 5000) {
    const size = Math.min(5000, count - from);
    const prompt = 'Summarise the module and list its open questions';
    await store.add(
      Array.from({ length: size }, (_, n) => Task.parse({ id: `${prefix}${from + n}`, prompt })),
      'bench',
    );
  }
};
await ready();
await add('done-', Number(finished));
for (let left = Number(finished); left > 0; ) {
  const claims = await store.claim({ worker_id: 'filler', limit: Math.min(2000, left), assign: () => ({}) });
  await Promise.all(claims.map((claim) => store.record(claim.lease, { kind: 'approve', review })));
  left -= claims.length;
}
await add('task-', Number(queued));
await store.close();
done({ queued, finished });
