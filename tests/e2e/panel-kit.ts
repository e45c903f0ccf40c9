import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorld, type Panel, startPanel, type World } from '@vivarium/control-panel';
import { loadConfig, openBudgetLedger } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { misfitOf } from './answers-fit.ts';

export { aTaskNamed, holdForReview } from '../../scripts/demo/world/tasks.ts';

export const TOKEN = 'test-token-of-forty-characters-0123456789';
/** The routes of the panel on a port. */
const tables = new Map<number, Panel['routes']>();
const DIST = resolve(dirname(fileURLToPath(import.meta.url)), '../../packages/control-panel/dist');

export interface TestPanel extends Panel {
  readonly world: World & { close(): Promise<void> };
  readonly workspace: string;
  /** The origin of its own page. */
  readonly origin: string;
  /** Stop the panel and start another on the same workspace and port. */
  restart(): Promise<TestPanel>;
  remove(): Promise<void>;
}

/** A panel on a workspace of its own, in this process, on a free port. The API behind it is away unless `apiPort` is given. */
export async function testPanel(
  options: { workspace?: string; port?: number; apiPort?: number; dist?: string; forwarded?: string } = {},
): Promise<TestPanel> {
  const workspace = options.workspace ?? (await mkdtemp(join(tmpdir(), 'vivarium-panel-')));
  const env = {
    VIVARIUM_WORKSPACE: workspace,
    VIVARIUM_CONTROL_PANEL_PORT: String(options.port ?? 0),
    VIVARIUM_API_PORT: String(options.apiPort ?? 9),
    VIVARIUM_INTERNAL_EXECUTION_TOKEN: TOKEN,
    VIVARIUM_LOG_LEVEL: 'silent',
    VIVARIUM_PANEL_FORWARDED_PORTS: options.forwarded,
  };
  const world = await openWorld(loadConfig({ env, cwd: workspace }), { error: () => undefined });
  const panel = await startPanel(world, options.dist ?? DIST);
  tables.set(panel.port, panel.routes);
  const stop = async () => {
    await panel.close();
    await world.close();
  };
  return {
    ...panel,
    world,
    workspace,
    origin: `http://127.0.0.1:${panel.port}`,
    async restart() {
      await stop();
      return testPanel({ ...options, workspace, port: panel.port });
    },
    async remove() {
      await stop();
      await rm(workspace, { recursive: true, force: true });
    },
  };
}

/** Book a call for a task, as the execution API would. */
export async function charge({ world }: Pick<TestPanel, 'world'>, task_id: string, usd: number): Promise<void> {
  const ledger = await openBudgetLedger({ backend: fileBackend(world.paths), capUsd: world.config.budgetLimitUsd });
  const call_id = `call of ${task_id}`;
  await ledger.reserve({ call_id, task_id, amount_usd: usd, minimum_usd: usd });
  await ledger.settle(call_id, usd);
  await ledger.close();
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with exactly the headers that are given; `fetch` would not send a foreign `Host`. Its answer must be what the route says of it. */
export function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((settle, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const answer = { status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) };
        const misfit = misfitOf(tables.get(port) ?? [], { method, path }, answer);
        if (misfit === undefined) settle(answer);
        else fail(new Error(misfit));
      });
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      settle({ status: response.statusCode ?? 0, headers: response.headers, text: '', json: undefined });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

/** A write as the panel's own page makes it. */
export function write(panel: TestPanel, path: string, body?: unknown, method = 'POST'): Promise<Answer> {
  return ask(panel.port, path, {
    method,
    headers: { origin: panel.origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** An answer's JSON; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
