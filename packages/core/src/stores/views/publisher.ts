/** Publishes a view soon after it was asked to, never more often than the cost of publishing allows. */
export interface Publisher {
  /** Publish within a moment; many requests in that moment are one. */
  request(): void;
  /** Publish now if something is asked for, and wait for it. */
  flush(): Promise<void>;
  /** Flush and stop. */
  close(): Promise<void>;
}

const MIN_GAP_MS = 200;
/** At most a tenth of the time goes into publishing. */
const COST_FACTOR = 10;
const RETRY_MS = 1_000;

/**
 * `publish` is never run twice at once. When it throws, `onError` hears of it and it is tried again.
 * The timer keeps no process alive; `close` publishes what is left.
 */
export function openPublisher(publish: () => Promise<void>, onError: (error: unknown) => void): Publisher {
  let asked = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let gap = MIN_GAP_MS;

  const run = async () => {
    clearTimeout(timer);
    timer = undefined;
    asked = false;
    const start = performance.now();
    try {
      await publish();
      gap = Math.max(MIN_GAP_MS, COST_FACTOR * (performance.now() - start));
    } catch (error) {
      asked = true;
      gap = Math.max(RETRY_MS, gap);
      onError(error);
    }
  };
  const start = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined;
      if (asked && !closed) arm();
    });
    return running;
  };
  const arm = () => {
    timer ??= setTimeout(() => void start(), gap).unref();
  };
  const flush = async () => {
    await running;
    if (asked) await start();
  };

  return {
    request() {
      if (closed) return;
      asked = true;
      if (!running) arm();
    },
    flush,
    async close() {
      closed = true;
      clearTimeout(timer);
      await flush();
    },
  };
}
