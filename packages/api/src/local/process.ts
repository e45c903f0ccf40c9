import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Ran } from './types.ts';

const TIMED_OUT = 124;
const ABORTED = 130;
const NOT_STARTED = 127;
/** After a kill the pipes close by themselves; a stray holder is not waited for longer than this. */
const STRAY_MS = 300;
/** How long bwrap may take to end after what is in it was killed. */
const CAGE_MS = 1_000;
/** stderr always has at least this much room, so that a flood on stdout cannot hide the reason of a failure. */
const STDERR_ROOM = 8_192;

export interface Run {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly outputBytes: number;
  readonly sandboxed: boolean;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
}

/** How a process ended, with stdout and stderr apart. */
export interface Ended extends Omit<Ran, 'output' | 'kind'> {
  readonly stdout: Kept;
  readonly stderr: Kept;
}

/** The first bytes of a stream, and how many there were. */
interface Kept {
  readonly text: string;
  readonly bytes: number;
}

/** Run a program in its own process group and wait for it. Time-out and abort kill the whole group at once. Never throws. */
export async function runProcess(run: Run): Promise<Ended> {
  const began = process.hrtime.bigint();
  const [file = '', ...args] = run.argv;
  const ending = (code: number, flags: { timed_out?: boolean; aborted?: boolean }, stdout: Kept, stderr: Kept): Ended => ({
    exit_code: code,
    stdout,
    stderr,
    truncated: false,
    timed_out: flags.timed_out ?? false,
    aborted: flags.aborted ?? false,
    duration_ms: Number(process.hrtime.bigint() - began) / 1e6,
    sandboxed: run.sandboxed,
  });
  if (run.signal?.aborted) return ending(ABORTED, { aborted: true }, NOTHING, NOTHING);
  try {
    const child = spawn(file, args, {
      cwd: run.cwd,
      env: { ...run.env },
      detached: true,
      stdio: [run.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    if (run.stdin !== undefined) feed(child.stdin, run.stdin);
    const stdout = keep(child.stdout, run.outputBytes);
    const stderr = keep(child.stderr, run.outputBytes);
    const { code, timed_out, aborted } = await ended(child, run);
    return ending(code, { timed_out, aborted }, stdout(), stderr());
  } catch (error) {
    return ending(NOT_STARTED, {}, NOTHING, { text: `could not be started: ${messageOf(error)}`, bytes: 1 });
  }
}

/** stdout followed by stderr in at most `limit` bytes; what was left out is said in the last line. */
export function joinOutput(
  { stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>,
  limit: number,
): { output: string; truncated: boolean } {
  const glue = stdout.text !== '' && stderr.text !== '' && !stdout.text.endsWith('\n') ? '\n' : '';
  const all = stdout.bytes + stderr.bytes;
  const whole = stdout.text + glue + stderr.text;
  if (all <= limit && Buffer.byteLength(whole) <= limit) return { output: whole, truncated: false };
  const room = limit - 160;
  const errors = cut(stderr.text, Math.max(STDERR_ROOM, room - Buffer.byteLength(stdout.text)));
  const head = cut(stdout.text, room - Buffer.byteLength(errors));
  const kept = Buffer.byteLength(head) + Buffer.byteLength(errors);
  return { output: `${head}${glue}${errors}\n[output cut: the first ${kept} of ${all} bytes are kept]`, truncated: true };
}

const NOTHING: Kept = { text: '', bytes: 0 };
const decoder = () => new TextDecoder('utf-8', { ignoreBOM: true });

type Child = ReturnType<typeof spawn>;

function ended(child: Child, run: Run): Promise<{ code: number; timed_out: boolean; aborted: boolean }> {
  return new Promise((resolve, reject) => {
    let timed_out = false;
    let aborted = false;
    const stop = () => (run.sandboxed ? killCage(child) : killGroup(child));
    const onAbort = () => {
      aborted = true;
      stop();
    };
    const timer = setTimeout(() => {
      timed_out = true;
      stop();
    }, run.timeoutMs);
    run.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (act: () => void) => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
      act();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', () => {
      // What the program left running goes with it; a sandbox takes its processes along by itself.
      if (!run.sandboxed) stop();
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, STRAY_MS).unref();
    });
    child.once('close', (code, signal) =>
      settle(() => resolve({ code: exitCode(code, signal, timed_out, aborted), timed_out, aborted })),
    );
  });
}

function exitCode(code: number | null, signal: NodeJS.Signals | null, timedOut: boolean, aborted: boolean): number {
  if (aborted) return ABORTED;
  if (timedOut) return TIMED_OUT;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** With its first process everything in a cage ends; bwrap collects that one, and then ends by itself. */
function killCage(child: Child): void {
  const killed = childrenOf(child.pid).filter((pid) => kill(pid));
  if (killed.length === 0) killGroup(child);
  const late = setTimeout(() => killGroup(child), CAGE_MS).unref();
  child.once('exit', () => clearTimeout(late));
}

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The group lives as long as any member of it, whatever became of its leader. */
function killGroup(child: Child): void {
  if (child.pid !== undefined && !kill(-child.pid)) child.kill('SIGKILL');
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

function keep(stream: Readable | null, limit: number): () => Kept {
  const chunks: Buffer[] = [];
  let held = 0;
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (held >= limit) return;
    const part = chunk.length > limit - held ? chunk.subarray(0, limit - held) : chunk;
    chunks.push(part);
    held += part.length;
  });
  stream?.on('error', () => undefined);
  return () => ({ text: decoder().decode(Buffer.concat(chunks), { stream: bytes > held }), bytes });
}

function feed(stdin: Writable | null, text: string): void {
  stdin?.on('error', () => undefined);
  stdin?.end(text);
}

/** At most `bytes` bytes of a text, never half a character. */
function cut(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  return decoder().decode(buffer.subarray(0, Math.max(0, bytes)), { stream: true });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
