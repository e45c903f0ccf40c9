/**
 * One worker process reduced to its storage: claims, checkpoints and approves until nothing is left to do, and says on
 * stdout what it was told of each task. A refused write is tried again; a failed sync ends it, as it must.
 */
import { createInterface } from 'node:readline';
import { openTaskStore, StorageError, Task, workspacePaths } from '@vivarium/core';
import { anOutcome, aReview } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';

const [folder = '', workerId = '', tasks = '0', workMs = '0'] = process.argv.slice(2);
const paths = workspacePaths(folder);
const registry = fileBackend(paths).presence;
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** A disk that refuses for a moment is asked again, a bounded number of times. */
async function persist<T>(what: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await what();
    } catch (cause) {
      if (!(cause instanceof StorageError) || cause.fatal || tries > 50) throw cause;
      say({ refused: cause.message });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function main() {
  await registry.start({ worker_id: workerId, concurrency: 2 });
  const store = await openTaskStore({ backend: fileBackend(paths), liveness: registry });
  const batch = Array.from({ length: Number(tasks) }, (_, n) => Task.parse({ id: `t${n}`, prompt: 'work' }));
  if (batch.length > 0) await persist(() => store.add(batch, 'test'));
  say({ ready: true });
  for (;;) {
    const claims = await persist(() => store.claim({ worker_id: workerId, limit: 2, assign: () => ({}) }));
    for (const claim of claims) {
      try {
        const outcome = anOutcome({ execution_key: `${claim.lease.task_id}#${claim.lease.attempt}` });
        if (!claim.record.outcome) await persist(() => store.record(claim.lease, { kind: 'record_execution', outcome }));
        if (workMs !== '0') await new Promise((resolve) => setTimeout(resolve, Number(workMs)));
        await persist(() => store.record(claim.lease, { kind: 'approve', review: aReview() }));
        say({ approved: claim.lease.task_id, epoch: claim.lease.epoch });
      } catch (cause) {
        if (cause instanceof StorageError) throw cause;
        say({ lost: claim.lease.task_id });
      }
    }
    const counts = store.counts();
    if (counts.total > 0 && counts.approved === counts.total) break;
    if (claims.length === 0) await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await store.close();
  await registry.stop();
  say({ done: true });
}

createInterface({ input: process.stdin }).on('close', () => process.exit(3));
main().then(
  () => process.exit(0),
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}\n`);
    process.exit(1);
  },
);
