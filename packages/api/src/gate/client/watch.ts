import type { CallTime } from './adapter.ts';

/** Ends a call that is silent for too long, or takes too long in all. Every sign of the answer begins the silence anew. */
export class Watch {
  readonly #time: CallTime;
  readonly #stop = new AbortController();
  readonly signal: AbortSignal;
  readonly #total: NodeJS.Timeout;
  #silence: NodeJS.Timeout;
  #begun = false;
  /** Which limit ended the call, in words; undefined while none did. */
  over: string | undefined;

  constructor(time: CallTime, signal: AbortSignal) {
    this.#time = time;
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#total = setTimeout(() => this.#end(`no whole answer within ${seconds(time.total_ms)}`), whole(time.total_ms));
    this.#silence = this.#listen();
  }

  sign(): void {
    this.#begun = true;
    clearTimeout(this.#silence);
    this.#silence = this.#listen();
  }

  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#silence);
  }

  #listen(): NodeJS.Timeout {
    const { silence_ms } = this.#time;
    const words = () =>
      this.#begun ? `the answer stopped for ${seconds(silence_ms)}` : `no answer within ${seconds(silence_ms)}`;
    return setTimeout(() => this.#end(words()), whole(silence_ms));
  }

  #end(words: string): void {
    this.over ??= words;
    this.#stop.abort(new Error(words));
  }
}

const whole = (ms: number): number => Math.min(2 ** 31 - 1, Math.max(1, Math.ceil(ms)));
const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
