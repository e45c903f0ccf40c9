import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Config, childEnvironment } from '@vivarium/core';
import { ulid } from 'ulid';
import { RequestRefused } from '../http/refused.ts';
import type { PoolWorker } from '../protocol/running.ts';
import { workerProgram } from './worker-program.ts';

/** The most workers that the panel runs at once. */
export const MOST_WORKERS = 16;
/** A worker gives its tasks back within 4 s of SIGTERM; one that has not gone by then is killed. */
const GRACE_MS = 6000;
const KEEP_ENDED_MS = 10 * 60_000;

interface Member {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
  view: PoolWorker;
  endedAt?: number;
}

/**
 * Worker processes that a person started in the panel. They are its children: each has an IPC channel and ends itself when
 * the panel is gone, however it went.
 */
export class WorkerPool {
  readonly #config: Config;
  readonly #now: () => Date;
  readonly #members = new Map<string, Member>();

  constructor(config: Config, now: () => Date) {
    this.#config = config;
    this.#now = now;
  }

  list(): readonly PoolWorker[] {
    const forget = this.#now().getTime() - KEEP_ENDED_MS;
    for (const [id, { endedAt }] of this.#members) if (endedAt !== undefined && endedAt < forget) this.#members.delete(id);
    return [...this.#members.values()].map(({ view }) => view);
  }

  /** @throws RequestRefused when more would run than may */
  start(count: number, concurrency: number): readonly PoolWorker[] {
    const alive = this.list().filter(({ state }) => state !== 'ended').length;
    if (alive + count > MOST_WORKERS)
      throw new RequestRefused(
        409,
        'VIV_TOO_MANY_WORKERS',
        `At most ${MOST_WORKERS} workers run from the panel; ${alive} run already`,
        'Start fewer, or stop one first',
      );
    return Array.from({ length: count }, () => this.#launch(concurrency));
  }

  /** Ask a worker to give its tasks back and end. @throws RequestRefused when it is not one of these */
  stop(id: string): PoolWorker {
    const member = this.#members.get(id);
    if (member === undefined)
      throw new RequestRefused(
        404,
        'VIV_NOT_FOUND',
        'That worker was not started here',
        'Stop it where it was started: Ctrl-C on its terminal',
      );
    if (member.view.state !== 'ended') {
      member.view = { ...member.view, state: 'stopping' };
      end(member.child);
    }
    return member.view;
  }

  async close(): Promise<void> {
    for (const { view } of [...this.#members.values()]) if (view.state !== 'ended') this.stop(view.id);
    await Promise.all([...this.#members.values()].map(({ gone }) => gone));
  }

  #launch(concurrency: number): PoolWorker {
    const child = spawn(process.execPath, workerProgram('run', '--concurrency', String(concurrency)), {
      cwd: this.#config.installation,
      env: childEnvironment(this.#config),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const id = `crew-${ulid().toLowerCase()}`;
    const started_at = this.#now().toISOString();
    const gone = new Promise<void>((settle) => child.once('close', () => settle()).once('error', () => settle()));
    const member: Member = { child, gone, view: { id, pid: child.pid ?? 0, started_at, state: 'starting', concurrency } };
    this.#members.set(id, member);
    this.#listen(member);
    return member.view;
  }

  /** Keep a member's view true to its process. */
  #listen(member: Member): void {
    const { child } = member;
    const change = (part: Partial<PoolWorker>) => {
      member.view = { ...member.view, ...part };
    };
    const ended = (part: Partial<PoolWorker>) => {
      change({ ...part, state: 'ended' });
      member.endedAt = this.#now().getTime();
    };
    child.on('message', () => member.view.state === 'starting' && change({ state: 'running' }));
    child.once('error', (error) => ended({ said: error.message }));
    child.once('close', () => ended({}));
    if (child.stderr) keepLastWords(child.stderr, (said) => change({ said }));
  }
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.on('close', () => clearTimeout(late));
}

/** The last line that is not a log record, or the message of the last record. */
function keepLastWords(stream: NodeJS.ReadableStream, hear: (said: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    const said = messageOf(line).trim();
    if (said !== '') hear(said.slice(0, 500));
  });
}

function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null && 'msg' in record ? String(record.msg) : '';
  } catch {
    return line;
  }
}
