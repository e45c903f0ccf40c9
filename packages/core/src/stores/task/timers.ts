import { isDue } from '../../domain/task/backoff.ts';

interface Timer {
  readonly id: string;
  readonly at: string;
  readonly set_at: string;
  readonly at_ms: number;
}

/** Tasks that wait for an instant, kept as a heap by that instant. */
export class Timers {
  #heap: Timer[] = [];
  readonly #current = new Map<string, Timer>();
  #lastNow = 0;

  set(id: string, timer: { at: string; set_at: string }): void {
    const entry = { id, at: timer.at, set_at: timer.set_at, at_ms: Date.parse(timer.at) };
    this.#current.set(id, entry);
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
  }

  delete(id: string): void {
    this.#current.delete(id);
  }

  /** Take out every task whose time has come. After a clock was set back all of them are looked at. */
  takeDue(now: Date): string[] {
    const setBack = now.getTime() < this.#lastNow;
    this.#lastNow = now.getTime();
    const due: string[] = [];
    if (setBack) for (const timer of this.#current.values()) if (isDue(timer, now)) due.push(timer.id);
    for (let first = this.#first(); first && isDue(first, now); first = this.#first()) {
      this.#current.delete(first.id);
      due.push(first.id);
    }
    for (const id of due) this.#current.delete(id);
    return due;
  }

  /** Milliseconds until the next one, undefined without any. */
  nextMs(now: Date): number | undefined {
    const first = this.#first();
    return first && Math.max(0, first.at_ms - now.getTime());
  }

  #first(): Timer | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#current.get(top.id) === top) return top;
      this.#pop();
    }
    return undefined;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown();
  }

  #siftUp(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#ms(parent) <= this.#ms(at)) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  #siftDown(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = this.#ms(left + 1) < this.#ms(left) ? left + 1 : left;
      if (this.#ms(least) >= this.#ms(at)) return;
      this.#swap(least, at);
      at = least;
    }
  }

  #ms(at: number): number {
    return this.#heap[at]?.at_ms ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const one = this.#heap[a];
    const two = this.#heap[b];
    if (!one || !two) return;
    this.#heap[a] = two;
    this.#heap[b] = one;
  }
}
