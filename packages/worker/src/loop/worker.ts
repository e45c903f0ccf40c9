import { type Claim, isFatal, sharePaths, type Task, type TaskEvent } from '@vivarium/core';
import type { TaskRun } from '../pipeline/phase.ts';
import type { Assignment } from './residents.ts';

export interface WorkerOptions {
  /** How many tasks it works on at once. */
  readonly concurrency: number;
  /** How many steps of one task at once; no limit of its own when undefined. */
  readonly siblings?: number;
  /** End after this many tasks. */
  readonly maxTasks?: number;
  /** End once nothing is runnable, nothing runs and no timer is set. */
  readonly untilIdle: boolean;
}

/** What the loop needs of the world around it. */
export interface WorkerPorts {
  readonly claim: (limit: number, assign: (task: Task) => Assignment | undefined) => Promise<readonly Claim[]>;
  /** Milliseconds until something may become runnable; 0: at once; undefined: nothing will by itself. */
  readonly nextDue: () => number | undefined;
  /** False while a switch stands or the API is away. */
  readonly mayClaim: () => boolean;
  readonly assign: (task: Task) => Assignment | undefined;
  readonly work: (run: TaskRun) => Promise<void>;
  readonly began: (claim: Claim) => void;
  readonly ended: (claim: Claim) => void;
  /** Hear what other processes and this one do; returns the way to stop. */
  readonly onEvent: (listener: (event: TaskEvent) => void) => () => void;
  readonly onTrouble: (error: unknown) => void;
  /** Milliseconds for which this worker lets others go first to a task that all of them just heard of. */
  readonly turn?: (event: TaskEvent) => number;
  /** True while something beside the tasks is still being tried; it wakes the loop when it is done. */
  readonly learning?: () => boolean;
}

export type Ending = 'idle' | 'limit' | 'stopped';

interface Running {
  readonly claim: Claim;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** Events after which there can be more to do than before. */
const MOVING: ReadonlySet<TaskEvent['event']> = new Set([
  'task_added',
  'task_edited',
  'task_approved',
  'task_accepted',
  'task_requeued',
  'task_rejected',
  'task_retried',
  'task_released',
  'task_unheld',
  'task_expanded',
  'task_collapsed',
  'task_failed',
  'task_blocked',
  'task_cancelled',
]);
/** The net under all wake-ups while there is something that this worker could not get. */
const NET_MS = 1_000;
const TROUBLE_MS = 1_000;

/** The loop: claims up to its free slots whenever something may have become runnable, and sleeps otherwise. */
export class Worker {
  readonly #ports: WorkerPorts;
  readonly #options: WorkerOptions;
  readonly #running = new Map<string, Running>();
  #finished = 0;
  #stopping = false;
  /** Rounds in a row that found tasks runnable and got none of them. */
  #empty = 0;
  #fatal: unknown;
  #woken = false;
  #waker: (() => void) | undefined;
  /** Set while others go first. */
  #yielding: NodeJS.Timeout | undefined;

  constructor(ports: WorkerPorts, options: WorkerOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Work until stopped, idle or at the limit. @throws what makes the store unusable */
  async run(): Promise<Ending> {
    const silence = this.#ports.onEvent((event) => MOVING.has(event.event) && this.#hear(event));
    try {
      while (!this.#stopping) {
        this.#woken = false;
        const moved = this.#fatal === undefined ? await this.#claimMore() : -1;
        if (this.#fatal !== undefined) throw this.#fatal;
        const ending = this.#ending(moved);
        if (ending) return ending;
        await this.#sleep(this.#pause(moved));
      }
      return 'stopped';
    } finally {
      silence();
      clearTimeout(this.#yielding);
      if (this.#fatal !== undefined) this.abort();
      await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    }
  }

  /** Look again: something may have become possible. */
  wake(): void {
    this.#woken = true;
    this.#waker?.();
  }

  /** Of many events at once the first one says whose turn it is. */
  #hear(event: TaskEvent): void {
    if (this.#yielding !== undefined) return;
    const ms = this.#ports.turn?.(event) ?? 0;
    if (ms === 0) this.wake();
    else
      this.#yielding = setTimeout(() => {
        this.#yielding = undefined;
        this.wake();
      }, ms);
  }

  /** Take nothing new and return once the running work has ended. */
  stop(): void {
    this.#stopping = true;
    this.wake();
  }

  /** Abort everything that runs; each task is released and keeps its attempt. */
  abort(): void {
    for (const { controller } of this.#running.values()) controller.abort();
  }

  /** How many tasks were claimed: -1 when none could even be asked for. */
  async #claimMore(): Promise<number> {
    const limit = this.#free();
    if (limit === 0 || !this.#ports.mayClaim()) return -1;
    try {
      const claims = await this.#ports.claim(limit, this.#assigner());
      for (const claim of claims) this.#begin(claim);
      return claims.length;
    } catch (error) {
      this.#ports.onTrouble(error);
      if (isFatal(error)) this.#fatal = error;
      return -1;
    }
  }

  #free(): number {
    const slots = this.#options.concurrency - this.#running.size;
    const left = (this.#options.maxTasks ?? Number.POSITIVE_INFINITY) - this.#finished - this.#running.size;
    return Math.max(0, Math.min(slots, left));
  }

  /**
   * Residents for one round of claims. A task that must run alone waits until nothing else runs, and while it is next
   * nothing behind it is begun, or it would never have its turn. Two that say they change the same files go one after the other.
   */
  #assigner(): (task: Task) => Assignment | undefined {
    let taken = this.#running.size;
    let closed = [...this.#running.values()].some(({ claim }) => !claim.record.task.parallel_safe);
    const siblings = new Map<string, number>();
    const begun = [...this.#running.values()].map(({ claim }) => claim.record.task);
    const count = ({ parent_task_id: parent }: Task): number => {
      if (parent === undefined) return 0;
      const others = (siblings.get(parent) ?? 0) + 1;
      siblings.set(parent, others);
      return others;
    };
    for (const { claim } of this.#running.values()) count(claim.record.task);
    return (task) => {
      if (closed || (siblings.get(task.parent_task_id ?? '') ?? 0) >= (this.#options.siblings ?? Number.POSITIVE_INFINITY))
        return undefined;
      if (begun.some((other) => sharePaths(other, task))) return undefined;
      const assignment = this.#ports.assign(task);
      if (!assignment) return undefined;
      if (!task.parallel_safe) {
        closed = true;
        if (taken > 0) return undefined;
      }
      taken += 1;
      begun.push(task);
      count(task);
      return assignment;
    };
  }

  #begin(claim: Claim): void {
    const { task } = claim.record;
    const controller = new AbortController();
    const run: TaskRun = {
      task,
      lease: claim.lease,
      record: claim.record,
      output: undefined,
      review: undefined,
      signal: controller.signal,
    };
    this.#ports.began(claim);
    const done = this.#ports
      .work(run)
      .catch((error: unknown) => {
        this.#fatal = error;
      })
      .finally(() => {
        this.#running.delete(task.id);
        // A task that was put back has not been worked on: an API that is away must not use up the limit.
        if (run.record.lease === undefined && (run.record.hold !== undefined || run.record.status !== 'queued'))
          this.#finished += 1;
        this.#ports.ended(claim);
        this.wake();
      });
    this.#running.set(task.id, { claim, controller, done });
  }

  #ending(moved: number): Ending | undefined {
    if (this.#running.size > 0) return undefined;
    if (this.#options.maxTasks !== undefined && this.#finished >= this.#options.maxTasks) return 'limit';
    if (!this.#options.untilIdle || moved !== 0 || this.#woken) {
      this.#empty = 0;
      return undefined;
    }
    const due = this.#ports.nextDue();
    if (this.#ports.learning?.() === true) return undefined;
    if (due === undefined) return 'idle';
    // Runnable, and yet not for this worker: unless it became so only while we asked, so ask once more.
    this.#empty = due === 0 ? this.#empty + 1 : 0;
    return this.#empty > 1 ? 'idle' : undefined;
  }

  /** How long to sleep at most; undefined: until woken. */
  #pause(moved: number): number | undefined {
    if (moved > 0 && this.#free() > 0) return 0;
    if (moved < 0) return this.#free() > 0 && this.#ports.mayClaim() ? TROUBLE_MS : undefined;
    if (moved > 0) return undefined;
    const due = this.#ports.nextDue();
    if (due === undefined) return undefined;
    if (due === 0) return this.#empty === 1 ? 0 : NET_MS;
    return due;
  }

  #sleep(ms: number | undefined): Promise<void> {
    if (this.#woken || ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      this.#waker = done;
      const self = this;
      function done() {
        clearTimeout(timer);
        self.#waker = undefined;
        resolve();
      }
    });
  }
}
