import { randomUUID } from 'node:crypto';
import type { Clock } from '@vivarium/core';
import type { CallFailure } from '../call/call-failure.ts';
import type { Message } from '../call/message.ts';
import { shortHash } from '../client/adapter.ts';
import { Circuit, type Entry, type OpenStanding, type Pass } from './circuit.ts';

const MOST_KEPT = 1_000;
/**
 * So often may one request fail in the same way, while others are answered in between, before the fault counts as the
 * request's own. A provider that fails now and then does not come to so many; a long silence is dear.
 */
const MOST_STRIKES = 8;
const MOST_SILENCES = 3;

/** Where calls go: what `Provider` says of itself, as far as a circuit asks. */
interface Way {
  readonly route: string;
}

export interface Asked {
  readonly provider: Way;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly task_id?: string | undefined;
  readonly purpose: string;
}

interface Strikes {
  readonly fault: string;
  readonly count: number;
  /** How many answers the provider had given at the last one. */
  readonly answers: number;
}

/**
 * The circuits of the gate: one for each provider, each of its models, and each request that it refused. A trouble opens
 * the one that it is about, so that a missing model stops no other, and one odd request nobody else.
 */
export class Circuits {
  readonly #clock: Clock;
  readonly #circuits = new Map<string, Circuit>();
  readonly #strikes = new Map<string, Strikes>();
  readonly #boot = randomUUID();
  #answers = 0;
  #closings = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Another whenever a circuit closed, and for each process: what was held for the want of a model may be tried again. */
  get generation(): string {
    return `${this.#boot}.${this.#closings}`;
  }

  /** Pass all circuits that concern a call, the widest first. @throws the signal's reason */
  async enter(asked: Asked, patienceMs: number, signal: AbortSignal): Promise<Entry> {
    const passes: Pass[] = [];
    for (const key of keysOf(asked)) {
      const entry = await this.#circuit(key)
        .enter(patienceMs, signal)
        .catch((error: unknown) => {
          for (const pass of passes) pass.dropped();
          throw error;
        });
      if (!entry.ok) {
        for (const pass of passes) pass.dropped();
        return entry;
      }
      passes.push(entry.pass);
    }
    return { ok: true, pass: this.#together(asked, passes) };
  }

  /** The trouble of the provider as a whole. */
  standing(provider: Way): OpenStanding | undefined {
    return this.#open(provider.route);
  }

  /** What stands in the way of a model at this moment, whatever the request. */
  standingOf(provider: Way, model: string): OpenStanding | undefined {
    return this.standing(provider) ?? this.#open(`${provider.route} ${model}`);
  }

  /** The widest circuit that is open for a call. */
  opening(asked: Asked): OpenStanding | undefined {
    const [provider, model, request] = keysOf(asked);
    return this.#open(provider) ?? this.#open(model) ?? this.#open(request);
  }

  /** Whether a model is refused and not to be asked yet. */
  isRefused(provider: Way, model: string): boolean {
    const own = this.#open(`${provider.route} ${model}`);
    return own?.state === 'refused' && own.until_ms > this.#clock.monotonicMs();
  }

  /** A person wants to know: whatever was refused is asked again. */
  forget(): void {
    this.#strikes.clear();
    for (const circuit of this.#circuits.values()) circuit.forget();
  }

  /** A failure as it counts: one that always meets the same request while others are answered is that request's own. */
  judged(asked: Asked, failure: CallFailure, toRequest: (failure: CallFailure) => CallFailure): CallFailure {
    if (failure.refused || failure.scope === 'answer' || failure.fault === 'rate_limited') return failure;
    const key = requestKey(asked);
    const { fault, scope } = failure;
    const last = this.#strikes.get(key);
    const known = last?.fault === fault ? last : { count: 0, answers: -1 };
    const count = this.#answers > known.answers || scope === 'request' ? known.count + 1 : known.count;
    keep(this.#strikes, key, { fault, count, answers: this.#answers });
    return count >= (fault === 'timeout' ? MOST_SILENCES : MOST_STRIKES) ? toRequest(failure) : failure;
  }

  #together(asked: Asked, passes: readonly Pass[]): Pass {
    const [provider, model, request] = passes;
    return {
      probe: passes.some(({ probe }) => probe),
      succeeded: () => {
        this.#answers += 1;
        this.#strikes.delete(requestKey(asked));
        for (const pass of passes) pass.succeeded();
      },
      failed: (failure) => {
        const hit = { provider, model, request, answer: undefined }[failure.scope];
        for (const pass of passes) pass === hit ? pass.failed(failure) : this.#spare(pass, failure, pass === provider);
      },
      dropped: () => {
        for (const pass of passes) pass.dropped();
      },
    };
  }

  /** A refusal of one model or request proves that the provider answers; silence proves nothing. */
  #spare(pass: Pass, { scope, fault }: CallFailure, isProvider: boolean): void {
    if (isProvider && scope !== 'provider' && fault !== 'timeout') pass.succeeded();
    else pass.dropped();
  }

  #open(key: string): OpenStanding | undefined {
    const standing = this.#circuits.get(key)?.standing;
    return standing && standing.state !== 'closed' ? standing : undefined;
  }

  #circuit(key: string): Circuit {
    const circuit =
      this.#circuits.get(key) ??
      new Circuit(this.#clock, () => {
        this.#closings += 1;
      });
    keep(this.#circuits, key, circuit);
    return circuit;
  }
}

function keysOf(asked: Asked): readonly [string, string, string] {
  const { provider, model } = asked;
  return [provider.route, `${provider.route} ${model}`, requestKey(asked)];
}

const requestKey = (asked: Asked): string => `${asked.provider.route} ${asked.model} ${whoAsks(asked)}`;

/** What is asked for a task is the same request, whatever the time of day adds to it. */
const whoAsks = ({ messages, task_id, purpose }: Asked): string =>
  task_id === undefined ? shortHash(JSON.stringify(messages)) : `${task_id} ${purpose}`;

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const oldest = map.size >= MOST_KEPT ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
