import { masked, stem, wordsOf } from '../words/index.ts';

const SIMPLE = new Set(
  'typo rename comment format list count reverse uppercase lowercase translate spell echo copy sort convert greeting hello say name'
    .split(' ')
    .map(stem),
);
const COMPLEX = new Set(
  `design architect architecture refactor security secure optimise optimize concurrency concurrent distributed migrate migration prove proof algorithm
  debug analyse analyze analysis strategy trade-off tradeoff performance scalability protocol threat audit compiler diagnose`
    .split(/\s+/)
    .map(stem),
);
const CRITICAL =
  /\b(?:critical|production|mission[- ]critical|security|vulnerabilit(?:y|ies)|data loss|payments?|legal|medical|irreversible|outage)\b/i;
const SHORT_WORDS = 12;
const LONG_WORDS = 120;

export interface Complexity {
  /** Above 0: complex; below 0: simple. */
  readonly score: number;
  readonly critical: boolean;
  readonly signals: readonly string[];
}

/** How hard a task looks, by its own words and length. Words in quotation marks and code do not count. */
export function complexityOf(text: string, intensity: 'low' | 'medium' | 'high' = 'medium'): Complexity {
  const mask = masked(text);
  const words = wordsOf(mask);
  const stems = new Set(words.map(stem));
  const signals: [string, number][] = [];
  if (words.length < SHORT_WORDS) signals.push(['short', -1]);
  if (words.length > LONG_WORDS) signals.push(['long', 1]);
  if ([...stems].some((word) => SIMPLE.has(word))) signals.push(['simple_words', -1]);
  if ([...stems].some((word) => COMPLEX.has(word))) signals.push(['complex_words', 3]);
  if (intensity !== 'medium') signals.push([`intensity_${intensity}`, intensity === 'high' ? 2 : -1]);
  const critical = CRITICAL.test(mask);
  return {
    score: signals.reduce((sum, [, weight]) => sum + weight, 0),
    critical,
    signals: [...signals.map(([name]) => name), ...(critical ? ['critical_words'] : [])],
  };
}
