/** What the tests say of some changes put together, one upon the other. */
export type Seen = { readonly kind: 'green' } | { readonly kind: 'red'; readonly why: string };

export interface BatchEnd {
  /** Members that pass together, in their order. */
  readonly passing: readonly string[];
  readonly at_fault: ReadonlyMap<string, string>;
  readonly runs: number;
}

/** After so many culprits the rest of a batch is tried one by one. Source: simulated batches, see ADR 13. */
const CULPRITS_BY_SEARCH = 2;
/** Above this share of bad changes among the last ones, a batch costs more runs than going one by one. */
const BAD_SHARE = 0.3;
const LOOKED_AT = 20;

/** Whether changes are tried one by one at present; `outcomes` are the last ones, true for a good change. */
export function oneByOne(outcomes: readonly boolean[]): boolean {
  const last = outcomes.slice(-LOOKED_AT);
  return last.length === LOOKED_AT && last.filter((good) => !good).length / LOOKED_AT > BAD_SHARE;
}

/**
 * Find which members of a batch are at fault. One run on the whole; when it is red, the smallest red prefix is searched for,
 * whose last member is at fault; it is taken out, and so on. What is known of a prefix is not asked again.
 * Yields the members to put together, in order, and wants to hear what their tests say.
 */
export function* searchBatch(members: readonly string[], singly = false): Generator<readonly string[], BatchEnd, Seen> {
  const at_fault = new Map<string, string>();
  let runs = 0;
  let left = [...members];
  /** So many of the first members are known to pass together. */
  let green = 0;
  while (green < left.length) {
    const alone = singly || at_fault.size >= CULPRITS_BY_SEARCH;
    /** The smallest prefix that is known to be red; its size lies above all when none is. */
    let red = { size: left.length + 1, why: '' };
    for (let size = alone ? green + 1 : left.length; size < red.size && size > green; size = (green + red.size) >> 1) {
      runs += 1;
      const seen: Seen = yield left.slice(0, size);
      if (seen.kind === 'red') red = { size, why: seen.why };
      else green = size;
      if (red.size > left.length) break;
    }
    const culprit = left[red.size - 1];
    if (culprit === undefined) continue;
    at_fault.set(culprit, red.why);
    left = left.filter((one) => one !== culprit);
  }
  return { passing: left, at_fault, runs };
}
