import { promptFor } from './model.ts';

/** What the town is asked to do: tasks of every kind, drawn by the seed. */
export class Work {
  readonly #random: () => number;
  #made = 0;
  #last: string | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next task or two, as somebody writes them. */
  next(): Record<string, unknown>[] {
    const id = `t${this.#made++}`;
    const kind = this.#random();
    const chained = this.#random() < 0.25 && this.#last !== undefined ? { depends_on: [this.#last] } : {};
    this.#last = id;
    if (kind < 0.06) return [{ id, prompt: promptFor(id, 'no critic') }];
    if (kind < 0.36) return [{ id, prompt: promptFor(id), ...chained }];
    if (kind < 0.5) return [{ id, prompt: promptFor(id, 'once wrong'), ...chained }];
    if (kind < 0.54) return [{ id, prompt: promptFor(id, 'always wrong') }];
    if (kind < 0.66) return [{ id, command: `echo done ${id}`, ...chained }];
    if (kind < 0.7) return [{ id, command: `cat no-such-file-${id}` }];
    if (kind < 0.8) return [{ id, prompt: promptFor(id), decompose: true, max_budget: 0.05 }];
    if (kind < 0.86) return [{ id, prompt: promptFor(id), max_budget: 0.0004, min_budget: 0 }];
    if (kind < 0.89) return [{ id, prompt: promptFor(id), max_budget: 0.000_001, min_budget: 0 }];
    if (kind < 0.94) return [{ id, prompt: promptFor(id), proposed: true }];
    const end = `t${this.#made++}`;
    this.#last = end;
    return [
      { id, prompt: promptFor(id), priority: 'high' },
      { id: end, prompt: promptFor(end), depends_on: [id] },
    ];
  }

  /** A prompt task for whoever writes it into `queue.json` by hand. */
  byHand(): Record<string, unknown> {
    const id = `h${this.#made++}`;
    return { id, prompt: promptFor(id) };
  }
}
