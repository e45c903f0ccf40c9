import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { openTaskStore, Task, type TaskStore, workspacePaths } from '@vivarium/core';
import { type ModelHandler, type ModelServer, startModelServer } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { atEnd } from './at-end.ts';
import { type Child, type StartOptions, start, startProgram, temporaryFolder } from './processes.ts';
import { type Purchase, scriptedModel } from './scripted-model.ts';

export type Role = 'worker' | 'api' | 'panel' | 'trader';

/** One process as it lived: instants are the machine's wall clock in milliseconds. */
export interface Life {
  readonly role: Role;
  readonly child: Child;
  readonly born_at: number;
  ready_at?: number;
  died_at?: number;
  /** Set once a worker has said it. */
  worker_id?: string;
}

const PROGRAMS: Partial<Record<Role, string>> = { worker: 'worker', api: 'api', panel: 'control-panel' };
const TRADER = 'tests/faults/campaign/trader.ts';
/** Slots enough that a dead worker's tasks never wait for one. */
const ARGS: Record<Role, readonly string[]> = { worker: ['run', '--concurrency', '16'], api: [], panel: [], trader: [] };
const READY = /ready/i;

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where the workspace lies; a temporary folder unless a test brings its own. */
  readonly root?: string;
  readonly delayMs?: () => number;
  /** What stands for the model, instead of the scripted one. */
  readonly model?: ModelHandler;
}

/** A workspace, the model server behind it, and the real processes on it. Everything ends with the test. */
export class FaultWorld {
  readonly root: string;
  readonly model: ModelServer;
  readonly bought: readonly Purchase[];
  readonly lives: Life[] = [];
  readonly env: Readonly<Record<string, string>>;

  private constructor(root: string, model: ModelServer, bought: readonly Purchase[], env: Readonly<Record<string, string>>) {
    this.root = root;
    this.model = model;
    this.bought = bought;
    this.env = env;
  }

  static async open(options: WorldOptions = {}): Promise<FaultWorld> {
    const root = options.root ?? temporaryFolder();
    mkdirSync(root, { recursive: true });
    const { handler, purchases } = scriptedModel(options.delayMs ?? (() => 10));
    const model = await startModelServer(options.model ?? handler);
    atEnd(() => model.close());
    const [api, panel] = await freePorts(2);
    return new FaultWorld(root, model, purchases, {
      VIVARIUM_WORKSPACE: root,
      VIVARIUM_API_PORT: String(api),
      VIVARIUM_CONTROL_PANEL_PORT: String(panel),
      VIVARIUM_PROVIDER: 'groq',
      GROQ_API_KEY: 'gsk_key_of_the_fault_tests',
      GROQ_BASE_URL: model.groqBaseUrl,
      SWARM_RATE_LIMIT: '100000',
      VIVARIUM_LOG_LEVEL: 'warn',
      ...options.env,
    });
  }

  get paths() {
    return workspacePaths(this.root);
  }

  /** Start one process; `ready_at` is set when it says so. */
  launch(role: Role, args: readonly string[] = ARGS[role], options: StartOptions = {}): Life {
    const program = PROGRAMS[role];
    const whole = { ...options, env: { ...this.env, ...options.env } };
    const child = program === undefined ? start(TRADER, args, whole) : startProgram(program, args, whole);
    const life: Life = { role, child, born_at: Date.now() };
    this.lives.push(life);
    child.process.once('exit', () => {
      life.died_at ??= Date.now();
    });
    child
      .line((line) => READY.test(line))
      .then(
        (line) => {
          life.ready_at = Date.now();
          const id = /worker (\S+) ready/.exec(line)?.[1];
          if (id !== undefined) life.worker_id = id;
        },
        () => undefined,
      );
    return life;
  }

  /** Start one process and wait until it serves. */
  async serve(role: Role, options: StartOptions = {}): Promise<Life> {
    const life = this.launch(role, undefined, options);
    await life.child.line((line) => READY.test(line));
    return life;
  }

  /** Start the API anew and let one healthy worker finish whatever is left; both end well. */
  async heal(): Promise<void> {
    await this.serve('api');
    const { code, errors } = await this.finish();
    if (code !== 0) throw new Error(`a healthy worker ended with ${code}: ${errors}`);
    await this.stop();
  }

  /** Run a worker until nothing is left to do. */
  async finish(args: readonly string[] = []): Promise<{ code: number | null; errors: string }> {
    const { child } = this.launch('worker', ['run', '--until-idle', ...args]);
    const { code } = await child.exit;
    return { code, errors: child.errors.join('\n') };
  }

  /** Add tasks as a process of its own would: by the store, while everything else runs. */
  async add(tasks: readonly object[]): Promise<void> {
    await this.withStore((store) =>
      store.add(
        tasks.map((task) => Task.parse(task)),
        'test',
      ),
    );
  }

  async withStore<T>(use: (store: TaskStore) => T | Promise<T>): Promise<T> {
    const { paths } = this;
    const store = await openTaskStore({ backend: fileBackend(paths) });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** Resolves when `wanted` holds of the store, looked at after every event; rejects after `withinMs` with what stands. */
  async until(wanted: (store: TaskStore) => boolean, withinMs: number): Promise<void> {
    await this.withStore(async (store) => {
      const stop = store.follow();
      try {
        await new Promise<void>((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`not within ${withinMs} ms: ${standing(store)}`)), withinMs);
          const look = () => {
            if (!wanted(store)) return;
            clearTimeout(late);
            resolve();
          };
          store.onEvent(look);
          look();
        });
      } finally {
        stop();
      }
    });
  }

  /** Everything that was added is approved. */
  untilAllApproved(withinMs: number): Promise<void> {
    return this.until((store) => {
      const { total, approved } = store.counts();
      return total > 0 && approved === total;
    }, withinMs);
  }

  /** End every process that still lives, politely. */
  async stop(): Promise<void> {
    const living = this.lives.filter((life) => life.died_at === undefined);
    for (const { child } of living) child.process.kill('SIGTERM');
    await Promise.all(living.map(({ child }) => child.exit));
  }
}

function standing(store: TaskStore): string {
  const open = store.list({ limit: 1000 }).records.filter((record) => record.status !== 'approved');
  const lines = open.slice(0, 5).map((record) => JSON.stringify(store.explain(record.task.id)));
  return `${JSON.stringify(store.counts())}\n${lines.join('\n')}`;
}

/** Ports that nobody listens on, below those that the kernel gives to connections: they stay free between two starts. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(12_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
