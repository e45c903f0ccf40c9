import { setTimeout as delay } from 'node:timers/promises';
import { openTaskStore, type Presence, Task, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { BenchChild, race } from './kit/child.ts';
import { BENCH_ENV, Service } from './kit/service.ts';
import { inFolder } from './kit/world.ts';

const API = 'packages/api/src/main.ts';
const WORKER = 'packages/worker/src/main.ts';

export interface PipelineShape {
  readonly workers: number;
  readonly concurrency: number;
  readonly tasks: number;
  /** What each task asks for; `n` counts from 0. */
  readonly task: (n: number) => Record<string, unknown>;
  /** Extra flags for API and workers, e.g. `--cpu-prof`. */
  readonly flags?: readonly string[];
}

/** Fresh processes compile their code on the first tasks; what follows is what a running world does. */
const WARM_UP = 0.25;

/**
 * Tasks approved per second: real API, real workers, an instant model. The workers stand ready before the tasks come, and
 * the clock starts when a quarter of them is approved; what a start costs is a row of its own.
 */
export function pipeline({ workers, concurrency, tasks, task, flags = [] }: PipelineShape): Promise<number> {
  return inFolder(async (folder) => {
    const model = new Service('bench/children/model.ts', [], {});
    const { groq } = JSON.parse(await model.line(/groq/));
    const env = { ...BENCH_ENV, VIVARIUM_WORKSPACE: folder, GROQ_BASE_URL: groq };
    const api = new Service(API, [], env, flags);
    const port = /:(\d+)/.exec(await api.line(/ready at/))?.[1] ?? '';
    const paths = workspacePaths(folder);
    const liveness = { isLive: () => true, liveWorkers: () => [] };
    const store = await openTaskStore({ backend: fileBackend(paths), liveness });
    const warm = Math.ceil(tasks * WARM_UP);
    const finished = new Promise<number>((resolve) => {
      let approved = 0;
      let begun = 0;
      store.onEvent((event) => {
        if (event.status !== 'approved') return;
        approved += 1;
        if (approved === warm) begun = performance.now();
        if (approved === tasks) resolve((tasks - warm) / ((performance.now() - begun) / 1000));
      });
      store.follow();
    });
    const running = Array.from(
      { length: workers },
      () => new Service(WORKER, ['run', '--concurrency', String(concurrency)], { ...env, VIVARIUM_API_PORT: port }, flags),
    );
    await everyWorker(fileBackend(paths).presence, workers);
    await store.add(
      Array.from({ length: tasks }, (_, n) => Task.parse({ id: `t${n}`, ...task(n) })),
      'bench',
    );
    const rate = await finished;
    await Promise.all([...running, api, model].map((service) => service.stop()));
    await store.close();
    return rate;
  });
}

async function everyWorker(registry: Presence, count: number): Promise<void> {
  while (registry.liveWorkers().length < count) await delay(50);
}

/** Sandboxed spawns per second: bare, and as the local command `echo`. */
export function echoRates(rounds: number): Promise<{ bare: number; command: number }> {
  return inFolder(async (folder) => {
    const { results } = await race([new BenchChild('echo.ts', [folder, rounds])]);
    const [rates] = results;
    return JSON.parse(JSON.stringify(rates));
  });
}
