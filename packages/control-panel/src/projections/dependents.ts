import type { Task } from '@vivarium/core';

/** Which tasks wait for which: the other direction of `depends_on`, children counted as what their parent waits for. */
export class Dependents {
  readonly #after = new Map<string, Set<string>>();
  readonly #before = new Map<string, readonly string[]>();

  see(task: Task): void {
    for (const id of this.#before.get(task.id) ?? []) this.#after.get(id)?.delete(task.id);
    const before = task.depends_on;
    this.#before.set(task.id, before);
    for (const id of before) {
      const after = this.#after.get(id) ?? new Set();
      after.add(task.id);
      this.#after.set(id, after);
    }
  }

  before(id: string): readonly string[] {
    return this.#before.get(id) ?? [];
  }

  after(id: string): readonly string[] {
    return [...(this.#after.get(id) ?? [])];
  }

  /** Everything within `levels` steps of a task in either direction, nearest first, at most `limit`. */
  around(focus: string, levels: number, limit: number): { readonly ids: readonly string[]; readonly more: boolean } {
    const found = new Set([focus]);
    let edge = [focus];
    for (let level = 0; level < levels && edge.length > 0; level += 1) {
      const next: string[] = [];
      for (const id of edge)
        for (const other of [...this.before(id), ...this.after(id)]) {
          if (found.has(other)) continue;
          if (found.size >= limit) return { ids: [...found], more: true };
          found.add(other);
          next.push(other);
        }
      edge = next;
    }
    const more = edge.some((id) => [...this.before(id), ...this.after(id)].some((other) => !found.has(other)));
    return { ids: [...found], more };
  }
}
