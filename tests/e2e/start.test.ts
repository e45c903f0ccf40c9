import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 50 };
let workspace: string;
let starter: ChildProcess | undefined;
let output: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'vivarium-start-'));
});
afterEach(() => {
  starter?.kill('SIGKILL');
  rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});

/** `npm start` without npm, on a world of its own. Resolves with the exit code. */
function start(env: Record<string, string> = {}): Promise<number | null> {
  output = '';
  const world = { VIVARIUM_WORKSPACE: workspace, VIVARIUM_API_PORT: '0', VIVARIUM_CONTROL_PANEL_PORT: '0' };
  const inherited = { PATH: process.env['PATH'] ?? '', HOME: workspace, VIVARIUM_PROVIDER: 'none' };
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], { cwd: ROOT, env: { ...inherited, ...world, ...env } });
  starter = child;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += String(text);
    });
  }
  return new Promise((resolve) => child.on('exit', (code) => resolve(code)));
}

const addressAfter = (words: RegExp) => new RegExp(`${words.source}.*?(http://127\\.0\\.0\\.1:\\d+)`, 'i').exec(output)?.[1];
const open = () => vi.waitFor(() => expect(output).toContain('Vivarium is open at'), PATIENCE);

/** The processes that `starter` started, by their parent in /proc. */
function children(): number[] {
  const file = `/proc/${starter?.pid}/task/${starter?.pid}/children`;
  return readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it('brings up three processes that answer, and stops them all', async () => {
    const exit = start();
    await open();
    const api = addressAfter(/API ready/);
    const panel = addressAfter(/Vivarium is open at/);
    expect(output).toMatch(/worker .*ready/);
    expect(output).toContain(`execution API at ${api}`);
    expect((await fetch(`${api}/healthz`)).status).toBe(200);
    expect((await fetch(`${panel}/healthz`)).status).toBe(200);
    const started = children();
    expect(started).toHaveLength(3);
    starter?.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(started.filter(alive)).toEqual([]);
  });

  it('leaves nothing behind when it is killed', async () => {
    void start();
    await open();
    const started = children();
    starter?.kill('SIGKILL');
    await vi.waitFor(() => expect(started.filter(alive)).toEqual([]), PATIENCE);
  });

  it('names a busy port and its variable, and starts nothing', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const code = await start({ VIVARIUM_CONTROL_PANEL_PORT: String(port) });
    server.close();
    expect(code).toBe(2);
    expect(output).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(output).toContain('VIVARIUM_CONTROL_PANEL_PORT');
    expect(output).not.toMatch(/ ready /);
  });

  it('names every wrong setting before anything runs', async () => {
    expect(await start({ SWARM_BUDGET_LIMIT: 'lots', VIVARIUM_API_PORT: '-1' })).toBe(2);
    expect(output).toContain('SWARM_BUDGET_LIMIT must be');
    expect(output).toContain('VIVARIUM_API_PORT must be');
    expect(output).not.toMatch(/ ready /);
  });
});
