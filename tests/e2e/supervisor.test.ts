import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Note {
  name: string;
  pid: number;
  what: string;
  port?: string;
  listening?: number;
}

const HOST = fileURLToPath(new URL('./fixtures/host.mjs', import.meta.url));
const PATIENCE = { timeout: 10_000, interval: 20 };
let folder: string;
let host: ChildProcess;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivarium-supervisor-'));
});
afterEach(() => {
  host.kill('SIGKILL');
  for (const { pid } of notes()) if (alive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const journal = () => join(folder, 'journal.jsonl');
const notes = (): Note[] =>
  existsSync(journal())
    ? readFileSync(journal(), 'utf8')
        .trim()
        .split('\n')
        .map((line): Note => JSON.parse(line))
    : [];
const readyOnes = (name: string) => notes().filter((note) => note.name === name && note.what === 'ready');
const said = (text: string) => vi.waitFor(() => expect(output).toContain(text), PATIENCE);
const noneLeft = () => vi.waitFor(() => expect(notes().filter(({ pid }) => alive(pid))).toEqual([]), PATIENCE);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function start(...moods: string[]): Promise<number | null> {
  output = '';
  host = spawn(process.execPath, [HOST, journal(), ...moods], { stdio: ['ignore', 'pipe', 'inherit'] });
  host.stdout?.on('data', (text) => {
    output += String(text);
  });
  return new Promise((resolve) => host.on('exit', (code) => resolve(code)));
}

describe('the supervisor', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('on %s stops every service once and leaves none behind', async (signal, code) => {
    const exit = start();
    await said('all ready: api worker panel');
    host.kill(signal);
    expect(await exit).toBe(code);
    expect(notes().filter(({ pid }) => alive(pid))).toEqual([]);
    expect(
      notes()
        .filter(({ what }) => what.startsWith('SIG'))
        .map(({ name, what }) => `${name} ${what}`)
        .sort(),
    ).toEqual(['api SIGTERM', 'panel SIGTERM', 'worker SIGTERM']);
  });

  it('kills a service that does not stop in time', async () => {
    const exit = start('steady', 'stubborn');
    await said('all ready');
    host.kill('SIGTERM');
    expect(await exit).toBe(143);
    expect(output).toContain('panel did not stop within 1.5 s and will be killed');
    await noneLeft();
  });

  it('kills at once on the second signal', async () => {
    const exit = start('stubborn', 'stubborn');
    await said('all ready');
    host.kill('SIGINT');
    await said('Stopping (SIGINT)');
    host.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(output).not.toContain('did not stop within');
    await noneLeft();
  });

  it('leaves nothing behind when it is killed itself, not even a service that ignores SIGTERM', async () => {
    void start('steady', 'stubborn');
    await said('all ready');
    host.kill('SIGKILL');
    await noneLeft();
  });

  it('starts a service again that died, at the address it had', async () => {
    void start();
    await said('all ready');
    const [first] = readyOnes('api');
    process.kill(first!.pid, 'SIGKILL');
    await said('api stopped unexpectedly (SIGKILL); starting it again in 0.02 s');
    await vi.waitFor(() => expect(readyOnes('api')).toHaveLength(2), PATIENCE);
    expect(readyOnes('api')[1]?.listening).toBe(first?.listening);
    expect(notes().filter(({ name }) => name !== 'api')).toHaveLength(2);
  });

  it('hands the port that the first service found to the later ones', async () => {
    void start();
    await said('all ready');
    expect(readyOnes('api')[0]?.port).toBeUndefined();
    expect(readyOnes('worker')[0]?.port).toBe(String(readyOnes('api')[0]?.listening));
  });

  it('stops everything when a service cannot start', async () => {
    const exit = start('steady', 'broken');
    expect(await exit).toBe(1);
    expect(output).toContain('panel ended before it was ready (exit code 3); stopping');
    await noneLeft();
  });
});
