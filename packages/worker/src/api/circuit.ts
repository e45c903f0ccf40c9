import type { CycleClient } from './cycle-client.ts';

const FIRST_GAP_MS = 100;
const LONGEST_GAP_MS = 2_000;
/** An API that goes away again so soon after it answered is asked less and less often. */
const STEADY_MS = 5_000;

/**
 * Whether the execution API can be called: closed, as every circuit, when calls go through. It is open at first and after a
 * call that nobody answered; then one probe asks for the API with growing gaps, so that a missing API costs neither attempts
 * nor log lines.
 */
export class ApiCircuit {
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #gap = FIRST_GAP_MS;
  #stopped = false;
  #closedAt = Number.NEGATIVE_INFINITY;
  readonly #client: Pick<CycleClient, 'ready'>;
  readonly #changed: (available: boolean, reason: string) => void;

  constructor(client: Pick<CycleClient, 'ready'>, changed: (available: boolean, reason: string) => void) {
    this.#client = client;
    this.#changed = changed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Probe now, and go on until the API answers. */
  start(): void {
    void this.#probe();
  }

  /** A call found nobody: wait until the API answers again. */
  trip(reason: string): void {
    if (this.#stopped || (!this.#closed && this.#timer)) return;
    const wasClosed = this.#closed;
    this.#closed = false;
    if (performance.now() - this.#closedAt > STEADY_MS) this.#gap = FIRST_GAP_MS;
    if (wasClosed) this.#changed(false, reason);
    this.#later();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #probe(): Promise<void> {
    this.#timer = undefined;
    const ready = await this.#client.ready();
    if (this.#stopped) return;
    if (!ready) return this.#later();
    this.#closed = true;
    this.#closedAt = performance.now();
    this.#changed(true, 'the execution API answers');
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#probe(), this.#gap);
    this.#gap = Math.min(LONGEST_GAP_MS, this.#gap * 2);
  }
}
