interface Closable {
  close(): Promise<void>;
}

/** What was opened on the way, so that all of it is closed once. */
export class Opened {
  readonly #all: (() => Promise<Closable> | undefined)[] = [];

  /** Opens on the first call; every later one gets the same. An opening that failed is tried anew. */
  once<T extends Closable>(open: () => Promise<T>): () => Promise<T> {
    let opening: Promise<T> | undefined;
    this.#all.push(() => opening);
    return () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    };
  }

  /** The last that may rest on others first. A store that cannot be closed keeps no other one open. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#all.map(async (opened) => (await opened())?.close()));
  }
}
