import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { programNow } from '../../scripts/lib/compile.mjs';
import { aModelServer, asGroq, freshWorkspace, send } from './api-kit.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Api {
  readonly child: ChildProcess;
  readonly port: number;
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** What matched in its output, as soon as something does. Rejects when it ended before. */
  says(words: RegExp): Promise<RegExpExecArray>;
  cycle(body: object): ReturnType<typeof send>;
}

/** Start `main.ts` as a process of its own and wait for its ready line. */
async function startApi(workspace: string, env: Readonly<Record<string, string>>): Promise<Api> {
  const child = spawn(process.execPath, programNow('api'), {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], VIVARIUM_WORKSPACE: workspace, VIVARIUM_API_PORT: '0', VIVARIUM_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  );
  const output = new EventEmitter();
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      output.emit('more');
    });
  const says = (words: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = words.exec(said);
        if (found) resolve(found);
      };
      output.on('more', look);
      look();
      void ended.then((code) => reject(new Error(`the API ended with ${code}: ${said}`)));
    });
  const port = Number((await says(/ready at http:\/\/127\.0\.0\.1:(\d+)/))[1]);
  const headers = () => {
    const token = readFileSync(join(workspace, '.swarm/security/internal_execution_token.txt'), 'utf8').trim();
    return { 'content-type': 'application/json', 'x-vivarium-internal-token': token };
  };
  return { child, port, ended, says, cycle: (body) => send(port, '/cycle', { headers: headers(), body }) };
}

const budgetOf = async (api: Api) => JSON.parse((await send(api.port, '/status')).text).budget;

describe('the API as a process', () => {
  it('lets a running call finish on SIGTERM, then ends', async () => {
    const server = await aModelServer(() => ({ text: 'finished', delayMs: 300 }));
    const api = await startApi(freshWorkspace(), asGroq(server));
    const running = api.cycle({ prompt: 'x', task_id: 't', execution_key: 't#1' });
    await server.waitForCalls(1);
    api.child.kill('SIGTERM');
    expect((await running).body.result).toBe('finished');
    expect(await api.ended).toBe(143);
  });

  it('ends in a few seconds although a call hangs, and at once on a second signal', async () => {
    const server = await aModelServer(() => ({ hang: true }));
    const api = await startApi(freshWorkspace(), asGroq(server));
    const running = api.cycle({ prompt: 'x' }).catch(() => undefined);
    await server.waitForCalls(1);
    const before = performance.now();
    api.child.kill('SIGTERM');
    expect(await api.ended).toBe(143);
    expect(performance.now() - before).toBeLessThan(6_000);
    await running;

    const hasty = await startApi(freshWorkspace(), asGroq(server));
    const other = hasty.cycle({ prompt: 'x' }).catch(() => undefined);
    await server.waitForCalls(2);
    const again = performance.now();
    hasty.child.kill('SIGINT');
    // Two signals that wait side by side may be taken in either order.
    await hasty.says(/shutting down/);
    hasty.child.kill('SIGTERM');
    expect(await hasty.ended).toBe(143);
    expect(performance.now() - again).toBeLessThan(3_000);
    await other;
  });

  it('keeps money reserved by a killed process, and counts it as spent at the next start', async () => {
    const server = await aModelServer(() => ({ hang: true }));
    const workspace = freshWorkspace();
    const env = asGroq(server);
    const killed = await startApi(workspace, env);
    const running = killed.cycle({ prompt: 'x', task_id: 't', max_budget: 0.1 }).catch(() => undefined);
    await server.waitForCalls(1);
    const { reserved_usd } = await budgetOf(killed);
    expect(reserved_usd).toBeGreaterThan(0);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await running;
    const next = await startApi(workspace, env);
    expect(await budgetOf(next)).toMatchObject({ spent_usd: reserved_usd, reserved_usd: 0 });
  });

  it('says every problem of its configuration at once and does not start', async () => {
    const started = startApi(freshWorkspace(), { SWARM_BUDGET_LIMIT: 'much', SWARM_RATE_LIMIT: '0' });
    await expect(started).rejects.toThrow(/SWARM_BUDGET_LIMIT[\s\S]*SWARM_RATE_LIMIT/);
  });
});
