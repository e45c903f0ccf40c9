import { hash64 } from './hash.ts';

/** A key index as it is kept in a snapshot: three flat tables, so that a million keys load in one copy. */
export interface KeyTables {
  readonly count: number;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Position + 1; 0 where the slot is free. */
  readonly place: Float64Array;
}

const FIRST_SLOTS = 1024;
const FULL = 0.6;

/**
 * Which keys have counted, and where. Keeps 64 bits of each key instead of the text: two of a million keys meet with a
 * chance below one in ten million, and then the later event counts as done.
 */
export class KeyIndex {
  #tables: { count: number; high: Uint32Array; low: Uint32Array; place: Float64Array };
  /** Whoever sets a key has just asked for it. */
  #last: { readonly key: string; readonly hash: readonly [high: number, low: number] } = { key: '', hash: hash64('') };

  constructor(tables?: KeyTables) {
    this.#tables = tables ? { ...tables } : newTables(FIRST_SLOTS);
  }

  get size(): number {
    return this.#tables.count;
  }

  get tables(): KeyTables {
    return this.#tables;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): number | undefined {
    const [high, low] = this.#hash(key);
    const place = this.#tables.place[this.#slot(high, low)] ?? 0;
    return place === 0 ? undefined : place - 1;
  }

  set(key: string, position: number): void {
    const [high, low] = this.#hash(key);
    if (this.#put(high, low, position + 1) && this.#tables.count > this.#tables.high.length * FULL) this.#grow();
  }

  #hash(key: string): readonly [high: number, low: number] {
    if (this.#last.key !== key) this.#last = { key, hash: hash64(key) };
    return this.#last.hash;
  }

  #put(high: number, low: number, place: number): boolean {
    const slot = this.#slot(high, low);
    const isNew = this.#tables.place[slot] === 0;
    this.#tables.high[slot] = high;
    this.#tables.low[slot] = low;
    this.#tables.place[slot] = place;
    if (isNew) this.#tables.count += 1;
    return isNew;
  }

  #slot(high: number, low: number): number {
    const { high: highs, low: lows, place } = this.#tables;
    const mask = highs.length - 1;
    let slot = low & mask;
    while (place[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#tables;
    this.#tables = newTables(old.high.length * 2);
    for (const [slot, place] of old.place.entries()) {
      if (place !== 0) this.#put(old.high[slot] ?? 0, old.low[slot] ?? 0, place);
    }
  }
}

function newTables(slots: number) {
  return { count: 0, high: new Uint32Array(slots), low: new Uint32Array(slots), place: new Float64Array(slots) };
}
