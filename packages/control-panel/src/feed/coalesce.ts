/** Runs a job soon after it is asked for, at most once per `gapMs`, however often it is asked. */
export function coalesce(gapMs: number, job: () => void): { ask(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    ask() {
      timer ??= setTimeout(() => {
        timer = undefined;
        job();
      }, gapMs);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Tells whether a value differs from the last one it was shown, by its JSON. */
export function changed<T>(): (value: T) => boolean {
  let last: string | undefined;
  return (value) => {
    const now = JSON.stringify(value);
    if (now === last) return false;
    last = now;
    return true;
  };
}
