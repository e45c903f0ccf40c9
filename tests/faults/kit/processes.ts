import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programNow, scriptNow } from '../../../scripts/lib/compile.mjs';
import { atEnd } from './at-end.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly errors: string[];
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves with the first line for which `wanted` holds; rejects when the process ends without one. */
  line(wanted: (line: string) => boolean): Promise<string>;
}

/** Leaders of a process group of their own: a tracer does not take its program with it. */
const leaders = new WeakSet<ChildProcess>();

/** End a process for good, with whatever runs under it. */
export function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (leaders.has(child)) process.kill(-child.pid, 'SIGKILL');
  else child.kill('SIGKILL');
}

export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'viv-fault-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Programs put in front of node, e.g. strace with its arguments. */
  readonly under?: readonly string[];
}

/** Start a TypeScript file of this repository as its own process. Its stdin stays open until the test ends. */
export function start(script: string, args: readonly string[], options: StartOptions = {}): Child {
  return startNode(scriptNow(join(root, script), ...args), options);
}

/** Start one of the three programs, by the name of its package. */
export function startProgram(name: string, args: readonly string[], options: StartOptions = {}): Child {
  return startNode(programNow(name, ...args), options);
}

function startNode(args: readonly string[], options: StartOptions): Child {
  const [program = '', ...rest] = [...(options.under ?? []), process.execPath, ...args];
  const child = spawn(program, rest, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.under !== undefined,
  });
  atEnd(() => end(child));
  if (options.under !== undefined) leaders.add(child);
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<{
    wanted: (line: string) => boolean;
    resolve: (line: string) => void;
    reject: (cause: Error) => void;
  }>();
  collect(child.stdout, lines, (line) => {
    for (const waiter of waiting) if (waiter.wanted(line)) waiter.resolve(line);
  });
  collect(child.stderr, errors, () => undefined);
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      for (const waiter of waiting) waiter.reject(new Error(`process ended (${code ?? signal}): ${errors.slice(-5).join('\n')}`));
      resolve({ code, signal });
    });
  });
  const line = (wanted: (line: string) => boolean) => {
    const seen = lines.find(wanted);
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise<string>((resolve, reject) => waiting.add({ wanted, resolve, reject }));
  };
  return { process: child, lines, errors, exit, line };
}

function collect(stream: NodeJS.ReadableStream | null, into: string[], onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      into.push(part);
      onLine(part);
    }
  });
}

export const hasProgram = (path: string): boolean => existsSync(path);

/** A seeded generator of numbers in 0..1, so that a campaign can be run again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
