/** A worker reduced to its storage: claim and settle (fdatasync) until nothing is runnable or `limit` are done. */
import { openTaskStore, Review, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = '', worker = 'w', concurrency = '1', limit = '1000', warmUp = '0'] = process.argv.slice(2);
const liveness = { isLive: () => true, liveWorkers: () => [worker] };
const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder)), liveness });
const review = Review.parse({ verdict: 'APPROVE', confidence: 1, issues: [], suggestions: [], witnesses: [], by: 'evidence' });
const want = Number(limit);

async function settleSome(free: number): Promise<number> {
  const claims = await store.claim({ worker_id: worker, limit: free, assign: () => ({ identity_id: 'ash' }) });
  await Promise.all(claims.map((claim) => store.record(claim.lease, { kind: 'approve', review })));
  return claims.length;
}

for (let warm = Number(warmUp); warm > 0; ) warm -= await settleSome(Math.min(warm, Number(concurrency)));
await ready();
let settled = 0;
while (settled < want) {
  const count = await settleSome(Math.min(Number(concurrency), want - settled));
  if (count === 0) break;
  settled += count;
}
done({ settled });
