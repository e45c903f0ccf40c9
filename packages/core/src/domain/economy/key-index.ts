import { hash64 } from './hash.ts';

/** A key index as it is kept in a snapshot: one flat table, so that a million keys load in one copy. */
export interface KeyTable {
  readonly count: number;
  /** Four words a slot: both halves of the hash, and both halves of position + 1; 0 where the slot is free. */
  readonly words: Uint32Array;
}

const WORDS = 4;
const HALF = 2 ** 32;
const FIRST_SLOTS = 1024;
/** Fuller than usual: a table of a million keys is read whole at every start, and neighbours are looked at in one go. */
const FULL = 0.8;
const GROWTH = 1.25;

/**
 * Which keys have counted, and where. Keeps 64 bits of each key instead of the text: two of a million keys meet with a
 * chance below one in ten million, and then the later event counts as done. All of a slot lies together: a million keys
 * are far apart in memory, and each look costs one wait for it.
 */
export class KeyIndex {
  #count: number;
  #words: Uint32Array;
  /** Whoever sets a key has just asked for it. */
  #last: { readonly key: string; readonly hash: readonly [high: number, low: number] } = { key: '', hash: hash64('') };

  constructor(table?: KeyTable) {
    this.#count = table?.count ?? 0;
    this.#words = table?.words ?? new Uint32Array(FIRST_SLOTS * WORDS);
  }

  get size(): number {
    return this.#count;
  }

  get table(): KeyTable {
    return { count: this.#count, words: this.#words };
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): number | undefined {
    const [high, low] = this.#hash(key);
    const place = placeAt(this.#words, slotOf(this.#words, high, low));
    return place === 0 ? undefined : place - 1;
  }

  set(key: string, position: number): void {
    const [high, low] = this.#hash(key);
    const at = slotOf(this.#words, high, low);
    if (placeAt(this.#words, at) === 0) this.#count += 1;
    put(this.#words, at, high, low, position + 1);
    if (this.#count * WORDS > this.#words.length * FULL) this.#grow();
  }

  #hash(key: string): readonly [high: number, low: number] {
    if (this.#last.key !== key) this.#last = { key, hash: hash64(key) };
    return this.#last.hash;
  }

  #grow(): void {
    const old = this.#words;
    const words = new Uint32Array(Math.ceil((old.length / WORDS) * GROWTH) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const place = placeAt(old, at);
      const [high = 0, low = 0] = [old[at], old[at + 1]];
      if (place !== 0) put(words, slotOf(words, high, low), high, low, place);
    }
    this.#words = words;
  }
}

/** Where a key stands or would stand. Slots are in the order of the hashes, so a table grows from front to back. */
function slotOf(words: Uint32Array, high: number, low: number): number {
  const slots = words.length / WORDS;
  for (let slot = Math.floor((high / HALF) * slots); ; slot = slot + 1 === slots ? 0 : slot + 1) {
    const at = slot * WORDS;
    if ((words[at] === high && words[at + 1] === low) || placeAt(words, at) === 0) return at;
  }
}

function placeAt(words: Uint32Array, at: number): number {
  return (words[at + 2] ?? 0) + (words[at + 3] ?? 0) * HALF;
}

function put(words: Uint32Array, at: number, high: number, low: number, place: number): void {
  words[at] = high;
  words[at + 1] = low;
  words[at + 2] = place % HALF;
  words[at + 3] = Math.floor(place / HALF);
}
