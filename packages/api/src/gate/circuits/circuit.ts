import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@vivarium/core';
import type { CallFailure } from '../call/call-failure.ts';

/** The first gap after a passing trouble; each next one is three times as long. */
const FIRST_GAP_MS = 500;
/** A refusal does not pass by itself within moments, so it is asked again more slowly from the start. */
const FIRST_REFUSED_GAP_MS = 30_000;
const GROWTH = 3;
/** Longest gap that the runtime chooses; a provider may name a longer one. What costs nothing may be asked more often. */
const LONGEST_GAP_MS = 600_000;
const LONGEST_FREE_GAP_MS = 60_000;
/** What a provider names beyond this is taken for nonsense. */
const LONGEST_NAMED_MS = 86_400_000;
/** How long one call waits for its turn before its caller is told when to come back. */
export const PATIENCE_MS = 10_000;

/** Where a circuit stands. `closed`: calls go through; in the other two one call at a time asks, at `until_ms` (monotonic). */
export type Standing =
  | { readonly state: 'closed' }
  | { readonly state: 'backing_off' | 'refused'; readonly failure: CallFailure; readonly since: Date; readonly until_ms: number };

export type OpenStanding = Exclude<Standing, { state: 'closed' }>;

/** The right to make one call. Exactly one of the three has to be said when it is over. */
export interface Pass {
  /** True when this call finds out whether the trouble is over. */
  readonly probe: boolean;
  succeeded(): void;
  failed(failure: CallFailure): void;
  /** It ended without an answer and without a fault of the provider: nothing is learned. */
  dropped(): void;
}

export type Entry = { readonly ok: true; readonly pass: Pass } | { readonly ok: false; readonly standing: OpenStanding };

/**
 * A circuit breaker. A failure opens it; while it is open nobody asks before its time, then one call asks for all, and
 * the others wait for what that one finds. Each failed probe makes the gap longer; a success closes it. Calls that were
 * under way when it opened change nothing: only a probe does.
 */
export class Circuit {
  readonly #clock: Clock;
  readonly #closed: () => void;
  #trouble: OpenStanding | undefined;
  #gap_ms = 0;
  /** Rises whenever it opens or closes, so that a call knows whether what it saw is still news. */
  #turn = 0;
  #probe: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  /** @param closed hears that it closed after it had been open, or that a person wants it asked again */
  constructor(clock: Clock, closed: () => void = () => undefined) {
    this.#clock = clock;
    this.#closed = closed;
  }

  get standing(): Standing {
    return this.#trouble ?? { state: 'closed' };
  }

  /** Come in, when need be after a wait of at most `patienceMs`. @throws the signal's reason */
  async enter(patienceMs: number, signal: AbortSignal): Promise<Entry> {
    const deadline = this.#clock.monotonicMs() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      const trouble = this.#trouble;
      if (!trouble) return { ok: true, pass: this.#pass(false) };
      const now = this.#clock.monotonicMs();
      const wait = trouble.until_ms - now;
      if (wait <= 0 && !this.#probe) return { ok: true, pass: this.#pass(true) };
      if (now >= deadline || (wait > 0 && now + wait > deadline)) return { ok: false, standing: trouble };
      await this.#waitFor(wait > 0 ? wait : deadline - now, signal);
    }
  }

  /** Ask at the next call, and as often as at first: a person says so, or something about the way to the provider changed. */
  forget(): void {
    if (!this.#trouble) return;
    this.#trouble = { ...this.#trouble, until_ms: this.#clock.monotonicMs() };
    this.#gap_ms = 0;
    this.#closed();
  }

  #pass(probe: boolean): Pass {
    const turn = this.#turn;
    if (probe) this.#probe = beginProbe();
    const leave = (act: () => void) => {
      if (turn === this.#turn) act();
      if (probe) this.#endProbe();
    };
    return {
      probe,
      succeeded: () => leave(() => this.#close()),
      failed: (failure) => leave(() => this.#open(failure)),
      dropped: () => leave(() => undefined),
    };
  }

  #close(): void {
    if (!this.#trouble) return;
    this.#turn += 1;
    this.#trouble = undefined;
    this.#gap_ms = 0;
    this.#closed();
  }

  #open(failure: CallFailure): void {
    this.#turn += 1;
    const first = failure.refused ? FIRST_REFUSED_GAP_MS : FIRST_GAP_MS;
    const longest = failure.refused || failure.mayBeCharged ? LONGEST_GAP_MS : LONGEST_FREE_GAP_MS;
    this.#gap_ms = Math.min(longest, Math.max(first, this.#gap_ms * GROWTH));
    const gap = Math.max(this.#gap_ms, Math.min(failure.retryAfterMs ?? 0, LONGEST_NAMED_MS));
    this.#trouble = {
      state: failure.refused ? 'refused' : 'backing_off',
      failure,
      since: this.#trouble?.since ?? this.#clock.now(),
      until_ms: this.#clock.monotonicMs() + gap,
    };
  }

  #endProbe(): void {
    const probe = this.#probe;
    this.#probe = undefined;
    probe?.end();
  }

  /** Until the time has come or the running probe is over, whichever is first. @throws the signal's reason */
  async #waitFor(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined);
    await Promise.race([timer, ...(this.#probe ? [this.#probe.over] : [])]);
    woken.abort();
    signal.throwIfAborted();
  }
}

function beginProbe(): { readonly over: Promise<void>; readonly end: () => void } {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end };
}
