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

/** Stems by memory: a memory's words never change, and each waking looks at all of them. */
const STEMS = new WeakMap<Memory, ReadonlySet<string>>();

function stemsOf(memory: Memory): ReadonlySet<string> {
  const known = STEMS.get(memory);
  if (known) return known;
  const stems = new Set(contentStems(`${memory.content} ${memory.about ?? ''} ${memory.provenance.skill ?? ''}`));
  STEMS.set(memory, stems);
  return stems;
}

/**
 * The memories that fit a subject, best first: by rare words in common, by recency, by how far they are trusted. Memories
 * that did harm never come. Equal scores: the newer first.
 */
export function recall(memories: readonly Memory[], subject: string, day: number, limit?: number): readonly Recalled[] {
  const usable = memories.filter(({ weight }) => weight > 0);
  const texts = usable.map(stemsOf);
  const wanted = [...new Set(contentStems(subject))].map((word) => {
    const holders = texts.reduce((count, words) => count + (words.has(word) ? 1 : 0), 0);
    return { word, worth: holders === 0 ? 0 : Math.log(1 + usable.length / holders) };
  });
  const best = wanted.reduce((sum, { worth }) => sum + worth, 0) || 1;
  return usable
    .map((memory, at) => {
      const common = wanted.reduce((sum, { word, worth }) => sum + (texts[at]?.has(word) ? worth : 0), 0);
      const recency = 0.5 ** (Math.max(0, day - memory.day) / HALF_LIFE_DAYS);
      return { memory, at, fits: common > 0, score: memory.weight * (FLOOR + common / best) * (0.3 + 0.7 * recency) };
    })
    .sort((a, b) => b.score - a.score || b.at - a.at)
    .slice(0, limit)
    .map(({ at: _, ...recalled }) => recalled);
}

/**
 * One of a kind is enough for a call: of what worked and of what failed the one that fits best, and one note of its own,
 * whether it fits or not. Others would only bring other tasks' words along.
 */
export function oneOfAKind(recalled: readonly Recalled[]): readonly Recalled[] {
  const kinds = new Set<string>();
  return recalled.filter(({ memory: { provenance }, fits }) => {
    const kind = provenance.source === 'self' ? 'self' : (provenance.outcome ?? 'worked');
    if (kinds.has(kind) || !(fits || kind === 'self')) return false;
    kinds.add(kind);
    return true;
  });
}
