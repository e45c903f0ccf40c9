import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, watch } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig, openTaskStore, Task, type TaskRecord, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { type RunningWorker, startWorker } from '../../packages/worker/src/loop/run-worker.ts';
import type { WorkerOptions } from '../../packages/worker/src/loop/worker.ts';
import { programNow } from '../../scripts/lib/compile.mjs';

export interface CycleCall {
  readonly body: Record<string, unknown> & { task_id?: string; purpose?: string; prompt?: string; execution_key?: string };
  /** Resolves when the caller went away. */
  readonly gone: Promise<void>;
}
export interface ApiReply {
  readonly status?: number;
  readonly body?: unknown;
  readonly hang?: boolean;
}
export type ApiHandler = (call: CycleCall) => ApiReply | Promise<ApiReply>;

const safety_report = { timestamp: '', stage: 'api', subject: '', subject_sha256: '', passed: true, checks: [] };

/** What the API answers to a call that went well. */
export const done = (text: string, more: object = {}): ApiReply => ({
  body: {
    status: 'completed',
    result: text,
    model: 'openai/gpt-oss-20b',
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    budget_used: 0.001,
    safety_report,
    simulated: false,
    replayed: false,
    duration_ms: 1,
    ...more,
  },
});
export const verdict = (word: string, issues: string[] = []): ApiReply =>
  done(JSON.stringify({ verdict: word, confidence: 0.9, issues, suggestions: [] }));
export const problem = (status: number, code: string, more: object = {}): ApiReply => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: `the detail of ${code}`, code, ...more },
});

/** Work is done, the critic approves. */
export const obligingApi: ApiHandler = ({ body }) =>
  body.purpose === 'critic' ? verdict('APPROVE') : done(`Answer to ${body.prompt ?? body['task']}`);

export interface FakeApi {
  readonly port: number;
  readonly calls: CycleCall[];
  fingerprint: string;
  handle(handler: ApiHandler): void;
  /** Task calls, without those of the critic. */
  bought(taskId: string): CycleCall[];
  waitForCalls(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A stand-in for the execution API that does what a test says. */
export async function fakeApi(first: ApiHandler = obligingApi, port = 0): Promise<FakeApi> {
  let handler = first;
  const calls: CycleCall[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.url === '/healthz') return void res.end('{}');
    if (req.url === '/status') return void res.end(JSON.stringify(statusReport(api.fingerprint)));
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const gone = new Promise<void>((resolve) => res.once('close', () => resolve()));
    const call = { body: JSON.parse(Buffer.concat(chunks).toString()), gone } as CycleCall;
    calls.push(call);
    for (const waiter of waiters) if (calls.length >= waiter.count) waiter.resolve();
    const reply = await handler(call);
    if (reply.hang || res.destroyed) return;
    res.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  };
  const server = createServer((req, res) => void serve(req, res));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const api: FakeApi = {
    port: (server.address() as AddressInfo).port,
    calls,
    fingerprint: 'f1',
    handle: (next) => {
      handler = next;
    },
    bought: (taskId) => calls.filter(({ body }) => body.task_id === taskId && body.purpose !== 'critic'),
    waitForCalls: (count) =>
      calls.length >= count ? Promise.resolve() : new Promise((resolve) => waiters.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

function statusReport(fingerprint: string) {
  return {
    tasks: 0,
    completed: 0,
    failed: 0,
    by_status: {},
    running: [],
    budget: { cap_usd: 5, spent_usd: 0, reserved_usd: 0 },
    provider: { name: 'groq', state: 'ready', detail: 'test', fingerprint },
    switch: 'running',
  };
}

/** A workspace of its own, with everything a test does to it. */
export class TestWorld {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly #stops: (() => Promise<unknown>)[] = [];

  private constructor(root: string, env: Record<string, string>) {
    this.root = root;
    this.env = { VIVARIUM_WORKSPACE: root, VIVARIUM_LOG_LEVEL: 'silent', VIVARIUM_PROVIDER: 'none', ...env };
  }

  static async open(env: Record<string, string> = {}): Promise<TestWorld> {
    return new TestWorld(await mkdtemp(join(tmpdir(), 'viv-world-')), env);
  }

  get paths() {
    return workspacePaths(this.root);
  }

  config(env: Record<string, string> = {}): Config {
    return loadConfig({ env: { ...this.env, ...env }, cwd: this.root });
  }

  onClose(stop: () => Promise<unknown>): void {
    this.#stops.unshift(stop);
  }

  async add(...tasks: object[]): Promise<void> {
    await this.store((store) =>
      store.add(
        tasks.map((task) => Task.parse(task)),
        'test',
      ),
    );
  }

  /** Open the store, use it, close it. */
  async store<T>(use: (store: Awaited<ReturnType<typeof openTaskStore>>) => T | Promise<T>): Promise<T> {
    const liveness = fileBackend(this.paths).presence;
    const store = await openTaskStore({ backend: fileBackend(this.paths), liveness });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  record(id: string): Promise<TaskRecord> {
    return this.store((store) => {
      const record = store.get(id);
      if (!record) throw new Error(`no task ${id}`);
      return record;
    });
  }

  events(id: string): Promise<string[]> {
    return this.store((store) => store.history(id).map(({ event }) => event));
  }

  /** Resolves once the execution log holds this text. */
  async said(text: string): Promise<void> {
    const holds = async () => (await readFile(this.paths.executionLog, 'utf8').catch(() => '')).includes(text);
    const stop = new AbortController();
    try {
      const changes = watch(this.root, { signal: stop.signal });
      if (await holds()) return;
      for await (const _change of changes) if (await holds()) return;
    } finally {
      stop.abort();
    }
  }

  /** Resolves once the task is in this status; the log wakes it. */
  async until(id: string, ...statuses: string[]): Promise<TaskRecord> {
    const liveness = fileBackend(this.paths).presence;
    const store = await openTaskStore({ backend: fileBackend(this.paths), liveness });
    const stop = store.follow();
    try {
      return await new Promise((resolve) => {
        const look = () => {
          const record = store.get(id);
          if (record && statuses.includes(record.status)) resolve(record);
        };
        store.onEvent(look);
        look();
      });
    } finally {
      stop();
      await store.close();
    }
  }

  async work(
    api: { port: number },
    options: Partial<WorkerOptions> = {},
    env: Record<string, string> = {},
  ): Promise<RunningWorker> {
    const worker = await startWorker(this.config({ VIVARIUM_API_PORT: String(api.port), ...env }), {
      concurrency: 4,
      untilIdle: true,
      ...options,
    });
    this.onClose(async () => {
      worker.stop();
      await worker.ended.catch(() => undefined);
    });
    return worker;
  }

  cli(args: string[], env: Record<string, string> = {}): Cli {
    const cli = spawnCli(args, { ...this.env, ...env });
    this.onClose(async () => {
      if (cli.child.exitCode === null) cli.child.kill('SIGKILL');
      await cli.ended;
    });
    return cli;
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse(await readFile(join(this.root, path), 'utf8'));
  }

  async lines(path: string): Promise<Record<string, unknown>[]> {
    const text = await readFile(join(this.root, path), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
    await rm(this.root, { recursive: true, force: true });
  }
}

export interface Cli {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  /** Resolves when stdout holds this text. */
  said(text: string): Promise<void>;
}

export const REPOSITORY = join(import.meta.dirname, '..', '..');

export function spawnCli(args: string[], env: Record<string, string>): Cli {
  const child = spawn(process.execPath, programNow('worker', ...args), {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'] ?? '', HOME: env['VIVARIUM_WORKSPACE'] ?? '', ...env },
  });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const listener of listeners) listener();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<Cli['ended']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stdout.includes(text) && resolve();
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${text}: ${stderr}`)));
    });
  return { child, ended, said };
}
