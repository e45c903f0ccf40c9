import { setTimeout as delay } from 'node:timers/promises';
import { openTaskStore, systemClock, Task, type WorkerRegistry, workerRegistry, workspacePaths } from '@vivarium/core';
import { BenchChild, race } from './kit/child.ts';
import { Service } from './kit/service.ts';
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

/**
 * Tasks approved per second, from the first claim to the last approval: real API, real workers, an instant model. The
 * workers stand ready before the tasks come; what a start costs is a row of its own.
 */
export function pipeline({ workers, concurrency, tasks, task, flags = [] }: PipelineShape): Promise<number> {
  return inFolder(async (folder) => {
    const model = new Service('bench/children/model.ts', [], {});
    const { groq } = JSON.parse(await model.line(/groq/));
    const env = {
      VIVARIUM_WORKSPACE: folder,
      VIVARIUM_API_PORT: '0',
      GROQ_API_KEY: 'gsk_bench',
      GROQ_BASE_URL: groq,
      SWARM_RATE_LIMIT: '1000000',
      SWARM_BUDGET_LIMIT: '1000000',
    };
    const api = new Service(API, [], env, flags);
    const port = /:(\d+)/.exec(await api.line(/ready at/))?.[1] ?? '';
    const paths = workspacePaths(folder);
    const liveness = { isLive: () => true, liveWorkers: () => [] };
    const store = await openTaskStore({ paths, clock: systemClock, liveness });
    const begun: number[] = [];
    const finished = new Promise<number>((resolve) => {
      let approved = 0;
      store.onEvent((event) => {
        if (event.event === 'task_claimed') begun.push(Date.parse(event.timestamp));
        if (event.status === 'approved' && ++approved === tasks) resolve(Date.parse(event.timestamp));
      });
      store.follow();
    });
    const running = Array.from(
      { length: workers },
      () => new Service(WORKER, ['run', '--concurrency', String(concurrency)], { ...env, VIVARIUM_API_PORT: port }, flags),
    );
    await everyWorker(workerRegistry({ paths, clock: systemClock }), workers);
    await store.add(
      Array.from({ length: tasks }, (_, n) => Task.parse({ id: `t${n}`, ...task(n) })),
      'bench',
    );
    const end = await finished;
    await Promise.all([...running, api, model].map((service) => service.stop()));
    await store.close();
    return tasks / ((end - Math.min(...begun)) / 1000);
  });
}

async function everyWorker(registry: WorkerRegistry, count: number): Promise<void> {
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
