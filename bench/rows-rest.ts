import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTaskStore, Task, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import type { Socket } from 'socket.io-client';
import { compileWhenStale } from '../scripts/lib/compile.mjs';
import { BENCH_ENV, rssOf, Service } from './kit/service.ts';
import { quantile } from './kit/stats.ts';
import { connected } from './kit/tab.ts';
import { inFolder } from './kit/world.ts';

/** Clock ticks of /proc in a second, on every Linux that Node runs on. */
const TICKS = 100;
const SETTLE_MS = 3_000;

export interface AtRest {
  /** Per cent of one core, all three processes together. */
  readonly cpu: number;
  readonly api_mb: number;
  readonly worker_mb: number;
  readonly panel_mb: number;
  /** Milliseconds from a task's arrival until the last of the tabs has it. */
  readonly fanout_p50: number;
  readonly fanout_p99: number;
}

/** The three processes as `npm start` runs them: what they take with nothing to do, and how soon all tabs hear of a task. */
export async function atRest({ seconds, tabs, tasks }: { seconds: number; tabs: number; tasks: number }): Promise<AtRest> {
  const entry = await compileWhenStale();
  return inFolder(async (folder) => {
    const env = { ...BENCH_ENV, VIVARIUM_WORKSPACE: folder, VIVARIUM_CONTROL_PANEL_PORT: '0', GROQ_API_KEY: '' };
    const api = new Service(entry('api'), [], env);
    const port = /:(\d+)/.exec(await api.line(/ready at/))?.[1] ?? '';
    const panel = new Service(entry('control-panel'), [], { ...env, VIVARIUM_API_PORT: port });
    const origin = /http:\S+\d/.exec(await panel.line(/ready at/))?.[0] ?? '';
    const worker = new Service(entry('worker'), ['run'], { ...env, VIVARIUM_API_PORT: port });
    const all = [api, worker, panel];
    try {
      await sleep(SETTLE_MS);
      const before = all.map(ticksOf);
      await sleep(seconds * 1000);
      const used = all.reduce((sum, service, at) => sum + ticksOf(service) - (before[at] ?? 0), 0);
      const memory = { api_mb: rssOf(api), worker_mb: rssOf(worker), panel_mb: rssOf(panel) };
      await worker.stop();
      const heard = await fanOut(folder, origin, tabs, tasks);
      return {
        ...{ cpu: (100 * used) / TICKS / seconds, ...memory },
        ...{ fanout_p50: quantile(heard, 0.5), fanout_p99: quantile(heard, 0.99) },
      };
    } finally {
      await Promise.all(all.map((service) => service.stop()));
    }
  });
}

async function fanOut(folder: string, origin: string, tabs: number, tasks: number): Promise<number[]> {
  const sockets = await Promise.all(Array.from({ length: tabs }, () => connected(origin)));
  const liveness = { isLive: () => true, liveWorkers: () => [] };
  const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder)), liveness });
  const took: number[] = [];
  for (let n = 0; n < tasks; n++) {
    const all = Promise.all(sockets.map((socket) => hears(socket, `t${n}`)));
    const begun = performance.now();
    await store.add([Task.parse({ id: `t${n}`, prompt: 'go' })], 'bench');
    await all;
    took.push(performance.now() - begun);
  }
  await store.close();
  for (const socket of sockets) socket.close();
  return took;
}

function hears(socket: Socket, task_id: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (event: unknown) => {
      if (!JSON.stringify(event).includes(`"${task_id}"`)) return;
      socket.off('event', listen);
      resolve();
    };
    socket.on('event', listen);
  });
}

/** Processor time of a process so far, user and system. */
function ticksOf({ process: { pid } }: Service): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return Number(user) + Number(system);
}
