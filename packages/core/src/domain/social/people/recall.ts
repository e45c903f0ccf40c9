import { contentStems } from '../../words/words.ts';
import type { Memory } from './memories.ts';

export interface Recalled {
  readonly memory: Memory;
  readonly score: number;
  /** It has words in common with the subject; the others only come because there is room. */
  readonly fits: boolean;
}

/** Days after which a memory counts half as much as a fresh one, other things equal. */
const HALF_LIFE_DAYS = 30;
/** A memory without any word in common is worth this much, so that recent ones still come when nothing fits. */
const FLOOR = 0.05;

/** Stems by a resident's memories, in their order: what a memory says never changes, and they only grow until some are forgotten. */
const STEMS = new WeakMap<readonly Memory[], ReadonlySet<string>[]>();

function stemsOf(memories: readonly Memory[]): readonly ReadonlySet<string>[] {
  const stems = STEMS.get(memories) ?? [];
  for (const { content, about, provenance } of memories.slice(stems.length))
    stems.push(new Set(contentStems(`${content} ${about ?? ''} ${provenance.skill ?? ''}`)));
  STEMS.set(memories, stems);
  return stems;
}

/** By memory: what it is worth to a subject, 0 where it did harm, and how much of that its words are. */
interface Weighed {
  readonly scores: Float64Array;
  readonly common: Float64Array;
}

/** Hundreds are weighed at each waking, so numbers stand in arrays of their own. */
function weigh(memories: readonly Memory[], subject: string, day: number): Weighed {
  const stems = stemsOf(memories);
  const weights = Float64Array.from(memories, ({ weight }) => weight);
  const usable = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  const common = new Float64Array(memories.length);
  const holders = new Uint32Array(memories.length);
  let best = 0;
  for (const word of new Set(contentStems(subject))) {
    let count = 0;
    for (let at = 0; at < stems.length; at++) if ((weights[at] ?? 0) > 0 && stems[at]?.has(word)) holders[count++] = at;
    if (count === 0) continue;
    const worth = Math.log(1 + usable / count);
    best += worth;
    for (const at of holders.subarray(0, count)) common[at] = (common[at] ?? 0) + worth;
  }
  const scores = weights.map((weight, at) => {
    const age = Math.max(0, day - (memories[at]?.day ?? day));
    const recency = age === 0 ? 1 : 0.5 ** (age / HALF_LIFE_DAYS);
    return Math.max(0, weight) * (FLOOR + (common[at] ?? 0) / (best || 1)) * (0.3 + 0.7 * recency);
  });
  return { scores, common };
}

/**
 * The memories that fit a subject, best first: by rare words in common, by recency, by how far they are trusted. Memories
 * that did harm never come. Equal scores: the newer first.
 */
export function recall(memories: readonly Memory[], subject: string, day: number, limit?: number): readonly Recalled[] {
  const weighed = weigh(memories, subject, day);
  return bestFirst(memories.flatMap((memory, at) => (memory.weight > 0 ? [recalled(memory, at, weighed)] : []))).slice(0, limit);
}

/**
 * One of a kind is enough for a call: of what worked and of what failed the one that fits best, and one note of its own,
 * whether it fits or not. Others would only bring other tasks' words along.
 */
export function recallOneOfAKind(memories: readonly Memory[], subject: string, day: number): readonly Recalled[] {
  const weighed = weigh(memories, subject, day);
  const { scores, common } = weighed;
  const kinds = new Map<string, number>();
  for (const [at, { provenance, weight }] of memories.entries()) {
    const kind = provenance.source === 'self' ? 'self' : (provenance.outcome ?? 'worked');
    if (weight <= 0 || !(kind === 'self' || (common[at] ?? 0) > 0)) continue;
    if ((scores[at] ?? 0) >= (scores[kinds.get(kind) ?? -1] ?? 0)) kinds.set(kind, at);
  }
  const chosen = new Set(kinds.values());
  return bestFirst(memories.flatMap((memory, at) => (chosen.has(at) ? [recalled(memory, at, weighed)] : [])));
}

const recalled = (memory: Memory, at: number, { scores, common }: Weighed): Recalled => ({
  memory,
  fits: (common[at] ?? 0) > 0,
  score: scores[at] ?? 0,
});

/** @param weighed oldest first */
const bestFirst = (weighed: readonly Recalled[]): readonly Recalled[] => [...weighed].reverse().sort((a, b) => b.score - a.score);
