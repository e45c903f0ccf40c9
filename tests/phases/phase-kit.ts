import { type ChildProcess, spawn } from 'node:child_process';
import type { TaskRecord } from '@vivarium/core';
import { type ModelHandler, type ModelServer, startModelServer } from '@vivarium/core/testing';
import { programNow } from '../../scripts/lib/compile.mjs';
import { anApi, asGroq } from '../e2e/api-kit.ts';
import { REPOSITORY, TestWorld } from '../e2e/worker-kit.ts';

/** API, model server and workspace, with everything as people run it: processes, files, HTTP. */
export interface PhaseWorld {
  readonly world: TestWorld;
  readonly model: ModelServer;
  readonly apiPort: number;
  /** Run one command of the worker CLI to its end. */
  worker(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  close(): Promise<void>;
}

/** A task as a person writes it. */
export type TestTask = { readonly id: string } & Readonly<Record<string, unknown>>;

/** The same in this process, for tests of many tasks: API and worker as they are, over real files, sandbox and HTTP. */
export interface InsideWorld {
  readonly world: TestWorld;
  readonly model: ModelServer;
  /** Add tasks and have a worker do whatever moves by itself. Resolves to their records. */
  run(tasks: readonly TestTask[], concurrency?: number): Promise<TaskRecord[]>;
  /** End the API and start it anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Start a model server, and the API within this process, over a workspace of its own. */
export async function openInside(handler: ModelHandler, env: Record<string, string> = {}): Promise<InsideWorld> {
  const model = await startModelServer(handler);
  const world = await TestWorld.open(env);
  const start = () => anApi(asGroq(model, env), world.root);
  let api = await start();
  world.onClose(async () => {
    await api.close();
    await model.close();
  });
  return {
    world,
    model,
    async run(tasks, concurrency = 4) {
      await world.add(...tasks);
      await (await world.work(api, { concurrency })).ended;
      return world.store((store) => tasks.flatMap(({ id }) => store.get(id) ?? []));
    },
    async restart() {
      await api.close();
      api = await start();
    },
    close: () => world.close(),
  };
}

/** Start a model server, the API as a process, and a workspace of its own. */
export async function openPhase(options: { handler?: ModelHandler; env?: Record<string, string> } = {}): Promise<PhaseWorld> {
  const model = await startModelServer(options.handler);
  const keys = { VIVARIUM_PROVIDER: 'groq', GROQ_API_KEY: 'gsk_test_key_of_phases', GROQ_BASE_URL: model.groqBaseUrl };
  const world = await TestWorld.open({ ...keys, ...options.env });
  const api = startApi(world);
  const apiPort = await api.port;
  world.onClose(async () => {
    api.child.kill('SIGTERM');
    await api.ended;
    await model.close();
  });
  return {
    world,
    model,
    apiPort,
    worker: (...args) => world.cli(args, { VIVARIUM_API_PORT: String(apiPort) }).ended,
    close: () => world.close(),
  };
}

function startApi(world: TestWorld): { child: ChildProcess; port: Promise<number>; ended: Promise<void> } {
  const child = spawn(process.execPath, programNow('api'), {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'] ?? '', HOME: world.root, ...world.env, VIVARIUM_API_PORT: '0' },
  });
  let [said, complaints] = ['', ''];
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /ready at http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found) resolve(Number(found));
    });
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    void ended.then(() => reject(new Error(`the API did not start: ${complaints}`)));
  });
  return { child, port, ended };
}
