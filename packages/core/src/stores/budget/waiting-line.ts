import { type Level, levelsOf } from '../../domain/budget/levels.ts';
import { toUsd } from '../../domain/budget/money.ts';
import type { Admission } from '../../domain/budget/rules.ts';
import type { ReservationAnswer, ReservationRequest } from '../../ports/budget.ts';

interface Waiter {
  readonly request: ReservationRequest;
  readonly resolve: (answer: ReservationAnswer) => void;
  readonly reject: (cause: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

interface Inflight {
  readonly keys: readonly string[];
  readonly amount: number;
}

export interface WaitingLineDeps {
  readonly admit: (request: ReservationRequest, inflight: ReadonlyMap<string, number>) => Admission;
  /** Write a reservation of so much and read back what it got; undefined when others were faster. */
  readonly book: (request: ReservationRequest, amount: number) => Promise<number | undefined>;
  readonly onWaiting: (waiting: boolean) => void;
}

/**
 * The line before the cashier: calls of this process in order of arrival. A call waits behind an earlier one only at a
 * purse both draw on, so a task that waits for its own budget holds up nobody else, and at the purse of the whole run
 * nobody overtakes.
 */
export class WaitingLine {
  readonly #deps: WaitingLineDeps;
  #queue: Waiter[] = [];
  readonly #inflight = new Map<string, Inflight>();
  #woken = false;
  #waiting = false;

  constructor(deps: WaitingLineDeps) {
    this.#deps = deps;
  }

  /** A call that is given up leaves the line; one whose reservation is being written is answered all the same. */
  enter(request: ReservationRequest, signal?: AbortSignal): Promise<ReservationAnswer> {
    const { promise, resolve, reject } = deferred<ReservationAnswer>();
    const waiter: Waiter = { request, resolve, reject, signal };
    const leave = () => {
      if (!this.#queue.includes(waiter)) return;
      this.#queue = this.#queue.filter((other) => other !== waiter);
      reject(signal?.reason);
      this.changed();
    };
    if (signal?.aborted) return Promise.reject(signal.reason);
    signal?.addEventListener('abort', leave, { once: true });
    this.#queue.push(waiter);
    this.#serve();
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** This call's intent has been folded: what it got stands in the fold from here on. */
  readBack(callId: string): void {
    this.#inflight.delete(callId);
  }

  /** Money came back or the cap moved: serve the line soon, once however often this is called. */
  changed(): void {
    if (this.#woken || this.#queue.length === 0) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      this.#serve();
    });
  }

  fail(cause: unknown): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const waiter of queue) waiter.reject(cause);
    this.#tellWaiting();
  }

  close(): void {
    this.fail(new Error('The budget ledger was closed'));
  }

  #serve(): void {
    const blocked = new Set<string>();
    const still: Waiter[] = [];
    for (const waiter of this.#queue) {
      const keys = levelsOf(0, waiter.request).map((level) => level.key);
      const admission = keys.some((key) => blocked.has(key)) ? undefined : this.#deps.admit(waiter.request, this.#taken());
      if (admission?.kind === 'grant') void this.#grant(waiter, { keys: allKeys(waiter.request), amount: admission.amount });
      else if (admission?.kind === 'refuse') waiter.resolve(refusal(admission.level, admission.left));
      else {
        still.push(waiter);
        if (admission) blocked.add(admission.level.key);
      }
    }
    this.#queue = still;
    this.#tellWaiting();
  }

  async #grant(waiter: Waiter, inflight: Inflight): Promise<void> {
    const { call_id } = waiter.request;
    this.#inflight.set(call_id, inflight);
    try {
      const amount = await this.#deps.book(waiter.request, inflight.amount);
      if (amount !== undefined) return waiter.resolve({ granted: true, call_id, amount_usd: amount });
      if (waiter.signal?.aborted) return waiter.reject(waiter.signal.reason);
      this.#queue.unshift(waiter);
    } catch (cause) {
      waiter.reject(cause);
    } finally {
      this.#inflight.delete(call_id);
    }
    this.changed();
  }

  #taken(): ReadonlyMap<string, number> {
    const taken = new Map<string, number>();
    for (const { keys, amount } of this.#inflight.values())
      for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + amount);
    return taken;
  }

  #tellWaiting(): void {
    const waiting = this.#queue.length > 0;
    if (waiting || this.#waiting) this.#deps.onWaiting(waiting);
    this.#waiting = waiting;
  }
}

function allKeys({ task_id, identity_id }: ReservationRequest): string[] {
  return [
    'run',
    ...(task_id === undefined ? [] : [`task:${task_id}`]),
    ...(identity_id === undefined ? [] : [`identity:${identity_id}`]),
  ];
}

const FIXES = {
  run: 'Raise SWARM_BUDGET_LIMIT, or start the count anew (reset the budget)',
  task: 'Raise the task’s max_budget, then retry it',
  identity: 'Raise the resident’s budget, or give the task to another one',
} as const;

function refusal(level: Level, left: number): ReservationAnswer {
  return { granted: false, level: level.name, left_usd: toUsd(left), fix: FIXES[level.name] };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (cause: unknown) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
