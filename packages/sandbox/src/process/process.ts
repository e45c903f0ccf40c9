import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { killCage, killGroup } from './kill.ts';
import { type Kept, keep, NOTHING, type Room } from './output.ts';
import { nothing, strayDescriptors } from './strays.ts';

const TIMED_OUT = 124;
const ABORTED = 130;
const NOT_STARTED = 127;
/** After a kill the pipes close by themselves; a stray holder is not waited for longer than this. */
const STRAY_MS = 300;
const REPORT_ROOM: Room = { head_bytes: 65_536, tail_bytes: 0 };

export interface Run {
  readonly argv: readonly string[];
  /** What the program reads from descriptors 3, 4, … */
  readonly descriptors?: readonly Buffer[];
  /** Whether it is given one more descriptor, to write to. */
  readonly reports?: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly output: Room;
  readonly sandboxed: boolean;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  /** Called with the process; may stop it at any time. What it returns is called when that has ended. */
  readonly watch?: (pid: number, stop: () => void) => () => void;
}

/** How a process ended, with stdout and stderr apart. */
export interface Ended {
  /** 124 after a time-out, 130 after an abort, 128 + n after signal n. */
  readonly exit_code: number;
  readonly stdout: Kept;
  readonly stderr: Kept;
  /** What it wrote to its last descriptor. */
  readonly report: string;
  readonly truncated: boolean;
  readonly timed_out: boolean;
  readonly aborted: boolean;
  readonly duration_ms: number;
  readonly sandboxed: boolean;
}

/** Run a program in its own process group and wait for it. Time-out and abort kill the whole group at once. Never throws. */
export async function runProcess(run: Run): Promise<Ended> {
  const began = process.hrtime.bigint();
  const ending = (exit_code: number, more: Partial<Ended>): Ended => {
    const { stdout = NOTHING, stderr = NOTHING } = more;
    const rest = { report: '', timed_out: false, aborted: false, sandboxed: run.sandboxed, ...more };
    const duration_ms = Number(process.hrtime.bigint() - began) / 1e6;
    return { ...rest, exit_code, stdout, stderr, truncated: stdout.cut || stderr.cut, duration_ms };
  };
  if (run.signal?.aborted) return ending(ABORTED, { aborted: true });
  try {
    const child = start(run);
    const stdout = keep(child.stdout, run.output);
    const stderr = keep(child.stderr, run.output);
    const report = run.reports ? keep(reportOf(child, run.descriptors?.length ?? 0), REPORT_ROOM) : () => NOTHING;
    const { code, timed_out, aborted } = await ended(child, run);
    return ending(code, { timed_out, aborted, stdout: stdout(), stderr: stderr(), report: report().text });
  } catch (error) {
    const text = `could not be started: ${error instanceof Error ? error.message : String(error)}`;
    return ending(NOT_STARTED, { stderr: { text, bytes: Buffer.byteLength(text), cut: false } });
  }
}

function start(run: Run): ChildProcess {
  const [file = '', ...args] = run.argv;
  const { descriptors = [], stdin } = run;
  const child = spawn(file, args, { cwd: run.cwd, env: { ...run.env }, detached: true, stdio: stdioOf(run) });
  if (stdin !== undefined) feed(child.stdin, stdin);
  for (const [index, bytes] of descriptors.entries()) feed(child.stdio[3 + index], bytes);
  return child;
}

function stdioOf({ stdin, descriptors = [], reports, sandboxed }: Run): StdioOptions {
  const stdio: ('pipe' | 'ignore' | number)[] = [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  for (const _ of descriptors) stdio.push('pipe');
  if (reports) stdio.push('pipe');
  for (const fd of sandboxed ? strayDescriptors() : []) {
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] ??= nothing();
  }
  return stdio;
}

function feed(stream: Readable | Writable | null | undefined, text: string | Buffer): void {
  if (!(stream instanceof Writable)) return;
  stream.on('error', () => undefined);
  stream.end(text);
}

function reportOf(child: ChildProcess, descriptors: number): Readable | undefined {
  const last = child.stdio[3 + descriptors];
  return last instanceof Readable ? last : undefined;
}

function ended(child: ChildProcess, run: Run): Promise<{ code: number; timed_out: boolean; aborted: boolean }> {
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
    const watched = child.pid === undefined ? undefined : run.watch?.(child.pid, stop);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
      watched?.();
      act();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', () => {
      // What the program left running goes with it; a sandbox takes its processes along by itself.
      if (!run.sandboxed) stop();
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
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
