import { FINAL, SATISFYING, type TaskStatus } from '../../contract/status.ts';
import { openDependencies } from '../../domain/task/graph.ts';
import { standingOf } from '../../domain/task/transitions.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { ReadyQueue } from './ready-queue.ts';
import { Timers } from './timers.ts';

/**
 * What can move next, kept beside the records: runnable tasks, timers, tasks behind dependencies, and claims by worker.
 * A task stands in exactly one of them, or in none when it is held or finished.
 */
export class Schedule {
  readonly ready = new ReadyQueue();
  readonly timers = new Timers();
  readonly #leases = new Map<string, Set<string>>();
  readonly #holder = new Map<string, string>();
  readonly #unmet = new Map<string, Set<string>>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #statusOf: (id: string) => TaskStatus | undefined;
  readonly #recordOf: (id: string) => TaskRecord | undefined;

  constructor(statusOf: (id: string) => TaskStatus | undefined, recordOf: (id: string) => TaskRecord | undefined) {
    this.#statusOf = statusOf;
    this.#recordOf = recordOf;
  }

  /** Put a task where its new record belongs, and wake what waited for it. */
  place(record: TaskRecord): void {
    const id = record.task.id;
    this.#takeOut(id);
    const standing = standingOf(record);
    if (standing === 'leased' && record.lease) this.#lease(id, record.lease.worker_id);
    else if (standing === 'ready') this.#wait(record);
    else if (SATISFYING.has(record.status)) this.#satisfy(id);
    else if (FINAL.has(record.status)) this.#giveUp(id);
  }

  /** Claims of workers for which `isDead` holds. */
  leasesOf(isDead: (workerId: string) => boolean): string[] {
    const ids: string[] = [];
    for (const [worker, tasks] of this.#leases) if (isDead(worker)) ids.push(...tasks);
    return ids;
  }

  /** Move timers that ran out into the ready queue. */
  wakeTimers(now: Date): void {
    for (const id of this.timers.takeDue(now)) {
      const record = this.#recordOf(id);
      if (record) this.ready.add(id, record.task.priority);
    }
  }

  get leaseCount(): number {
    return this.#holder.size;
  }

  #wait(record: TaskRecord): void {
    const id = record.task.id;
    const unmet = openDependencies(record, this.#statusOf);
    if (unmet.length > 0) this.#blockOn(id, unmet);
    else if (record.not_before) this.timers.set(id, record.not_before);
    else this.ready.add(id, record.task.priority);
  }

  #blockOn(id: string, unmet: readonly string[]): void {
    this.#unmet.set(id, new Set(unmet));
    for (const dep of unmet) {
      const waiting = this.#dependents.get(dep) ?? new Set();
      waiting.add(id);
      this.#dependents.set(dep, waiting);
    }
  }

  #satisfy(dep: string): void {
    for (const id of this.#dependents.get(dep) ?? []) {
      const unmet = this.#unmet.get(id);
      unmet?.delete(dep);
      if (unmet?.size !== 0) continue;
      const record = this.#recordOf(id);
      if (record) this.place(record);
    }
    this.#dependents.delete(dep);
  }

  /** A step that cannot succeed: the task that waits for its results is looked at at once, to say so. */
  #giveUp(step: string): void {
    for (const id of [...(this.#dependents.get(step) ?? [])]) {
      const record = this.#recordOf(id);
      if (record?.children?.includes(step)) this.place(record);
    }
  }

  #lease(id: string, worker: string): void {
    this.#holder.set(id, worker);
    const tasks = this.#leases.get(worker) ?? new Set();
    tasks.add(id);
    this.#leases.set(worker, tasks);
  }

  #takeOut(id: string): void {
    this.ready.remove(id);
    this.timers.delete(id);
    const worker = this.#holder.get(id);
    if (worker !== undefined) {
      this.#holder.delete(id);
      const tasks = this.#leases.get(worker);
      tasks?.delete(id);
      if (tasks?.size === 0) this.#leases.delete(worker);
    }
    for (const dep of this.#unmet.get(id) ?? []) this.#dependents.get(dep)?.delete(id);
    this.#unmet.delete(id);
  }
}
