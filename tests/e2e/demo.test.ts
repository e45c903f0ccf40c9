import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerToClient, Snapshot } from '@vivarium/control-panel';
import { fileBackend } from '@vivarium/storage-files';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE = { timeout: 90_000, interval: 100 };
let folder: string;
let child: ChildProcess;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivarium-demo-test-'));
  output = '';
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** `pnpm demo` without pnpm, with a folder for temporary files of its own. Resolves with the exit code. */
function demo(...args: string[]): Promise<number | null> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder, GROQ_API_KEY: 'gsk_of_the_person_1234567890' };
  child = spawn(process.execPath, ['scripts/run.mjs', 'demo', ...args], { cwd: ROOT, env });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code)));
}

it('plays a world that says what it is, really does its work, and leaves nothing behind', async () => {
  const exit = demo();
  const origin = await vi.waitFor(() => {
    const [, address] = /demo is open at (http:\/\/127\.0\.0\.1:\d+)/.exec(output) ?? [];
    expect(address, output).toBeDefined();
    return address!;
  }, PATIENCE);
  const socket: Socket<ServerToClient> = io(origin, { transports: ['websocket'] });
  const snapshot = await new Promise<Snapshot>((settle) => socket.once('snapshot', settle));
  socket.close();
  expect(snapshot.settings.demo).toMatch(/^Scripted demo: a script answers, not a model/);
  expect(snapshot.provider).toMatchObject({ name: 'groq', detail: expect.stringContaining('127.0.0.1') });
  const task = async (id: string) => (await fetch(`${origin}/api/tasks/${id}`)).json();
  await vi.waitFor(async () => {
    expect(await task('release-note')).toMatchObject({ status: 'approved', row: { attempt: 2 } });
    expect(await task('risk-report')).toMatchObject({
      status: 'approved',
      children: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(await task('clean-up')).toMatchObject({ status: 'safety_blocked' });
    expect(await task('house-rules')).toMatchObject({ status: 'pending_review', row: { hold: { kind: 'review' } } });
  }, PATIENCE);
  child.kill('SIGINT');
  expect(await exit).toBe(130);
  expect(readdirSync(folder).filter((name) => name.startsWith('vivarium-demo'))).toEqual([]);
});

it('does not touch a home that holds another world', async () => {
  const home = join(folder, 'home');
  const { openTaskStore, workspacePaths } = await import('@vivarium/core');
  const store = await openTaskStore({
    backend: fileBackend(workspacePaths(home)),
    liveness: { isLive: () => false, liveWorkers: () => [] },
  });
  await store.close();
  expect(await demo('--home', home)).toBe(2);
  expect(output).toContain('holds a world already');
  expect(existsSync(join(home, 'DEMO'))).toBe(false);
});
