/**
 * 64 bits that stand for a text, as two unsigned halves. Spreads well and is the same everywhere; no secret.
 * Source: the public-domain cyrb mixing of MurmurHash3's constants.
 */
export function hash64(text: string): readonly [high: number, low: number] {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return [two >>> 0, one >>> 0];
}

/** An id that follows from the key of its event, so that a repeat of the event names the same thing. */
export function idFrom(prefix: string, key: string): string {
  const [high, low] = hash64(key);
  return `${prefix}_${high.toString(36).padStart(7, '0')}${low.toString(36).padStart(7, '0')}`;
}

/** Numbers 0 ≤ n < 1 that follow from a seed and nothing else (mulberry32). */
export function seeded(seed: string): () => number {
  let state = hash64(seed)[1];
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The items in an order that only the seed decides: each order is equally likely. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
