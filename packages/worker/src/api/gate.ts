import type { CycleClient } from './cycle-client.ts';

const FIRST_GAP_MS = 100;
const LONGEST_GAP_MS = 2_000;
/** An API that is shut again so soon after it answered is asked less and less often. */
const STEADY_MS = 5_000;

/**
 * Whether the execution API can be called. Closed at first and after a call that nobody answered; while it is closed
 * one probe asks for the API with growing gaps, so that a missing API costs neither attempts nor log lines.
 */
export class ApiGate {
  #open = false;
  #timer: NodeJS.Timeout | undefined;
  #gap = FIRST_GAP_MS;
  #stopped = false;
  #openedAt = Number.NEGATIVE_INFINITY;
  readonly #client: Pick<CycleClient, 'ready'>;
  readonly #changed: (open: boolean, reason: string) => void;

  constructor(client: Pick<CycleClient, 'ready'>, changed: (open: boolean, reason: string) => void) {
    this.#client = client;
    this.#changed = changed;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Probe now, and go on until the API answers. */
  start(): void {
    void this.#probe();
  }

  /** A call found nobody: wait until the API answers again. */
  shut(reason: string): void {
    if (this.#stopped || (!this.#open && this.#timer)) return;
    const wasOpen = this.#open;
    this.#open = false;
    if (performance.now() - this.#openedAt > STEADY_MS) this.#gap = FIRST_GAP_MS;
    if (wasOpen) this.#changed(false, reason);
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
    this.#open = true;
    this.#openedAt = performance.now();
    this.#changed(true, 'the execution API answers');
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#probe(), this.#gap);
    this.#gap = Math.min(LONGEST_GAP_MS, this.#gap * 2);
  }
}
