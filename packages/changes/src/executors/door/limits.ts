/** What one attempt of an executor may take at its door. */
export interface DoorLimits {
  readonly calls: number;
  /** Of all requests together. */
  readonly bytes: number;
  /** Once a call was refused for good, the executor has this many calls and this long to end by itself. */
  readonly refused_calls: number;
  readonly refused_ms: number;
  /** How often a stream says that it is still waited for. */
  readonly comment_ms: number;
  readonly connections: number;
}

export const DOOR_LIMITS: DoorLimits = {
  calls: 200,
  bytes: 32 * 1024 * 1024,
  refused_calls: 6,
  refused_ms: 9_000,
  comment_ms: 10_000,
  connections: 256,
};

/** Sees that an executor that was refused for good does not go on asking. */
export class Patience {
  readonly #limits: Pick<DoorLimits, 'refused_calls' | 'refused_ms'>;
  readonly #end: (reason: Error) => void;
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Why the first one was refused. */
  reason: Error | undefined;

  constructor(limits: Pick<DoorLimits, 'refused_calls' | 'refused_ms'>, end: (reason: Error) => void) {
    this.#limits = limits;
    this.#end = end;
  }

  refused(reason: Error): void {
    this.reason ??= reason;
    this.#refused += 1;
    const why = this.reason;
    this.#timer ??= setTimeout(() => this.#end(why), this.#limits.refused_ms).unref();
    if (this.#refused >= this.#limits.refused_calls) this.#end(why);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
