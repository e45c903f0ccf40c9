import type { FeedChange, FeedEvent } from '../protocol/feed.ts';

export interface FeedOptions {
  /** Names this run of the server; a client that knows another one needs a snapshot. */
  readonly epoch: string;
  /** The `seq` before the first event. A later run must start higher: the clock in milliseconds does that. */
  readonly base: number;
  /** How many events are kept for those who come back. */
  readonly keep?: number;
}

/** What changed since an event: the events, or `gap` when some of them are no longer kept. */
export interface Missed {
  readonly events: readonly FeedEvent[];
  readonly gap: boolean;
}

/**
 * The panel's one numbered stream. `seq` are consecutive whole numbers within a run of the server, and every number of a
 * later run is higher, so a client that only knows its last `seq` can never mistake one run for another.
 */
export class Feed {
  readonly epoch: string;
  readonly base: number;
  readonly #keep: number;
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  #ring: FeedEvent[] = [];
  #seq: number;

  constructor(options: FeedOptions) {
    this.epoch = options.epoch;
    this.base = options.base;
    this.#seq = options.base;
    this.#keep = options.keep ?? 5000;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Number a change and tell everybody who listens, in order. */
  publish(change: FeedChange): FeedEvent {
    this.#seq += 1;
    const event: FeedEvent = { ...change, seq: this.#seq };
    this.#ring.push(event);
    if (this.#ring.length >= this.#keep * 2) this.#ring = this.#ring.slice(-this.#keep);
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** What came after `seq`, oldest first, at most `limit`. */
  after(seq: number, limit = Number.POSITIVE_INFINITY): Missed {
    const first = this.#ring[0]?.seq ?? this.#seq + 1;
    const gap = seq < first - 1 || seq > this.#seq;
    const start = gap ? 0 : seq - first + 1;
    return { events: this.#ring.slice(start, start + limit), gap };
  }

  /** The events a client can be given instead of a snapshot, or undefined when it must have one. */
  resume(seq: number | undefined, epoch: string | undefined): readonly FeedEvent[] | undefined {
    if (seq === undefined || (epoch !== undefined && epoch !== this.epoch)) return undefined;
    const missed = this.after(seq);
    return missed.gap ? undefined : missed.events;
  }

  onEvent(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
