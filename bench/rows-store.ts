import { openTaskStore, Task, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { BenchChild, race } from './kit/child.ts';
import { quantile } from './kit/stats.ts';
import { inFolder, inWorld } from './kit/world.ts';

/** One append and fdatasync after the other, per second: what the disk allows. */
export function rawDisk(count: number): Promise<number> {
  return inFolder(async (folder) => count / (await race([new BenchChild('raw.ts', [folder, count])])).seconds);
}

export interface ClaimShape {
  readonly workers: number;
  readonly concurrency: number;
  readonly tasks: number;
  /** Tasks that wait in the queue; at least those that are measured. */
  readonly queued?: number;
}

/** Settled before the clock starts, so that compiled code is measured and not its compiler. */
const WARM_UP = 400;

/** Claims settled durably per second, over all workers. */
export function claimAndSettle({ workers, concurrency, tasks, queued }: ClaimShape): Promise<number> {
  const warmEach = Math.max(WARM_UP, concurrency);
  return inWorld({ queued: Math.max(queued ?? 0, tasks + warmEach * workers) }, async (folder) => {
    const each = Math.floor(tasks / workers);
    const children = Array.from(
      { length: workers },
      (_, n) => new BenchChild('store-worker.ts', [folder, `w${n}`, concurrency, each]),
    );
    return (each * workers) / (await race(children)).seconds;
  });
}

/** Milliseconds from a task's arrival to its claim by an idle worker in another process. */
export function addToClaim(count: number): Promise<{ p50: number; p99: number }> {
  return inFolder(async (folder) => {
    const store = await openTaskStore({
      backend: fileBackend(workspacePaths(folder)),
      liveness: { isLive: () => true, liveWorkers: () => [] },
    });
    const worker = new BenchChild('latency-worker.ts', [folder, count]);
    await worker.line();
    worker.say('go');
    for (let n = 0; n < count; n++) {
      await store.add([Task.parse({ id: `t${n}`, prompt: 'go' })], 'bench');
      await new Promise((resolve) => setTimeout(resolve, 5 + (n % 7)));
    }
    const { latencies } = JSON.parse(await worker.line());
    await store.close();
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
  });
}

/** Start of a process over a long history, in milliseconds from its first instruction to its first possible claim. */
export function startUp(finished: number, runs: number): Promise<{ ms: number; rss_mb: number }[]> {
  return inWorld({ queued: 10, finished }, async (folder) => {
    const measured = [];
    for (let run = 0; run < runs; run++) {
      const { results } = await race([new BenchChild('opener.ts', [folder])]);
      const [result] = results;
      measured.push(JSON.parse(JSON.stringify(result)));
    }
    return measured;
  });
}
