import type { ChangeRecord, ChangesState } from './state.ts';

/** Writes into a state that can be taken back, and which changes they touched. */
export class Draft {
  readonly touched = new Set<string>();
  readonly state: ChangesState;
  readonly #undo: (() => void)[] = [];

  constructor(state: ChangesState) {
    this.state = state;
  }

  put<V>(map: Map<string, V>, key: string, value: V): void {
    const before = map.get(key);
    this.#undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
    map.set(key, value);
  }

  remove<V>(map: Map<string, V>, key: string): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.#undo.push(() => map.set(key, before));
    map.delete(key);
  }

  change(id: string, at: string, edit: (change: ChangeRecord) => Partial<ChangeRecord>): void {
    const change = this.state.changes.get(id);
    if (!change) return;
    this.touched.add(id);
    this.put(this.state.changes, id, { ...change, ...edit(change), updated_at: at });
  }

  /** What changes nothing of it and yet belongs to its story. */
  touch(id: string | undefined): void {
    if (id !== undefined && this.state.changes.has(id)) this.touched.add(id);
  }

  takeBack(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}
