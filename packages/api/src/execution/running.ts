import type { StatusReport, Switches } from '@vivarium/core';
import { ShuttingDownError, StoppedError } from '../errors/index.ts';

const POLL_MS = 250;

interface Run {
  readonly task_id?: string | undefined;
  readonly mode: string;
  readonly started_at: string;
  readonly stop: AbortController;
  /** What the model has said so far, where its provider streams. */
  text: string;
}

/**
 * Everything that runs at this moment, and the two ways it ends early: HALT, within a quarter of a second, and the end of
 * this process.
 */
export class Running {
  readonly #switches: Pick<Switches, 'state' | 'watch'>;
  readonly #runs = new Set<Run>();
  readonly #unwatch: () => void;
  #poll: NodeJS.Timeout | undefined;
  #closing = false;
  #whenIdle: (() => void)[] = [];

  constructor(switches: Pick<Switches, 'state' | 'watch'>) {
    this.#switches = switches;
    this.#unwatch = switches.watch(() => this.#look());
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** @throws StoppedError, ShuttingDownError when nothing new may start */
  checkOpen(): void {
    if (this.#closing) throw new ShuttingDownError();
    const state = this.#switches.state();
    if (state !== 'running') throw new StoppedError(state);
  }

  /** Run with a signal that HALT and shutdown abort, with the error that says which. */
  async run<T>(
    about: Pick<Run, 'task_id' | 'mode'>,
    work: (signal: AbortSignal, hear: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    const run: Run = { ...about, started_at: new Date().toISOString(), stop: new AbortController(), text: '' };
    const hear = (text: string) => {
      run.text = text;
    };
    this.#runs.add(run);
    this.#poll ??= setInterval(() => this.#look(), POLL_MS).unref();
    try {
      return await work(run.stop.signal, hear);
    } finally {
      this.#runs.delete(run);
      if (this.#runs.size === 0) this.#rest();
    }
  }

  list(): StatusReport['running'] {
    return [...this.#runs].map(({ task_id, mode, started_at }) => ({
      ...(task_id === undefined ? {} : { task_id }),
      mode,
      started_at,
    }));
  }

  /** What the running call of a task has said so far; undefined when none runs. */
  said(task_id: string): { readonly text: string; readonly started_at: string } | undefined {
    const run = [...this.#runs].findLast((one) => one.task_id === task_id);
    return run && { text: run.text, started_at: run.started_at };
  }

  /** Start nothing more; give what runs `graceMs` to end by itself, then abort it. Resolves when all has ended. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const idle = new Promise<void>((resolve) => {
      if (this.#runs.size === 0) resolve();
      else this.#whenIdle.push(resolve);
    });
    const abort = setTimeout(() => this.#abort(new ShuttingDownError()), graceMs);
    await idle;
    clearTimeout(abort);
    this.#unwatch();
  }

  #look(): void {
    if (this.#switches.state() === 'halted') this.#abort(new StoppedError('halted'));
  }

  #abort(reason: Error): void {
    for (const run of this.#runs) run.stop.abort(reason);
  }

  #rest(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
    for (const done of this.#whenIdle.splice(0)) done();
  }
}
