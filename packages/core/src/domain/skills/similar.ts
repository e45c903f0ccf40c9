import { contentStems, jaccard, wordsOf } from '../words/index.ts';

/** What two skills are compared by. */
export interface SkillLikeness {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** Code or prompt text. */
  readonly body: string;
}

/** Bodies or descriptions that share so much are the same skill twice. */
const SAME_BODY = 0.95;
const SAME_MEANING = 0.8;
const LIKE_BODY = 0.6;

/**
 * Whether two skills are one skill twice: nearly the same body, or the same meaning with a like body. Different kinds and a
 * mere likeness of names are not.
 */
export function nearDuplicates(a: SkillLikeness, b: SkillLikeness): boolean {
  if (a.kind !== b.kind) return false;
  const body = jaccard(shingles(a.body), shingles(b.body));
  if (body >= SAME_BODY && (a.body.trim() !== '' || b.body.trim() !== '')) return true;
  return jaccard(meaning(a), meaning(b)) >= SAME_MEANING && body >= LIKE_BODY;
}

/** Which of two duplicates stays: the one further on its way, then the more useful one, then the one that was there first. */
export function keptOf<T extends { readonly status: string; readonly useful: number }>(first: T, second: T): T {
  const order = ['retired', 'quarantined', 'candidate', 'validated', 'active'];
  const rank = (one: T) => order.indexOf(one.status);
  if (rank(first) !== rank(second)) return rank(first) > rank(second) ? first : second;
  return second.useful > first.useful ? second : first;
}

const meaning = (skill: SkillLikeness): Set<string> =>
  new Set(contentStems([skill.name, skill.description, ...skill.keywords].join(' ')));

/** Runs of three words: order counts, so two functions of the same vocabulary differ. */
function shingles(body: string): Set<string> {
  const words = wordsOf(body.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' '));
  if (words.length < 3) return new Set(words);
  return new Set(words.slice(0, -2).map((word, index) => `${word} ${words[index + 1]} ${words[index + 2]}`));
}
