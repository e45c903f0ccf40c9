import { createHash } from 'node:crypto';
import type { Answered, Asked, Place } from './asked.ts';

/**
 * Counts equal requests. Only what a model would be asked counts, so ids and keys of a client change nothing. A request
 * whose answer nobody took is asked again by the next equal one, which takes its answer or joins in waiting for it.
 */
export class Places {
  readonly #counted = new Map<string, number>();
  readonly #free = new Map<string, Place>();
  readonly #asked = new Map<string, Promise<Answered>>();

  take(asked: Asked): Place {
    const hash = hashOf(asked);
    const free = [...this.#free.values()].find((place) => place.hash === hash);
    if (free) {
      this.#free.delete(keyOf(free));
      return free;
    }
    const occurrence = (this.#counted.get(hash) ?? 0) + 1;
    this.#counted.set(hash, occurrence);
    return { hash, occurrence };
  }

  giveBack(place: Place): void {
    this.#free.set(keyOf(place), place);
  }

  /** What is asked under a place already, or asked by `ask` from now on. */
  ask(place: Place, ask: () => Promise<Answered>): Promise<Answered> {
    const key = keyOf(place);
    const asked = this.#asked.get(key) ?? ask();
    this.#asked.set(key, asked);
    return asked;
  }
}

const keyOf = ({ hash, occurrence }: Place): string => `${hash} ${occurrence}`;

const hashOf = ({ messages, tools, max_tokens, temperature }: Asked): string =>
  createHash('sha256')
    .update(JSON.stringify([messages, tools, max_tokens ?? null, temperature ?? null]))
    .digest('hex')
    .slice(0, 32);
