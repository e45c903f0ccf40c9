/** Tells everybody who waits that somebody acted through this panel. */
export class Pulse {
  readonly #listeners = new Set<() => void>();

  beat(): void {
    for (const listener of this.#listeners) listener();
  }

  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
