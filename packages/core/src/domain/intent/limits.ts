import { sentencesOf } from '../words/index.ts';

export type Unit = 'words' | 'characters' | 'lines' | 'sentences' | 'paragraphs' | 'bullet points';

/** How much of something an answer may or must have. */
export interface Limit {
  readonly unit: Unit;
  readonly min?: number;
  readonly max?: number;
}

const NUMBER_WORDS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = `(\\d{1,6}|a single|${NUMBER_WORDS.join('|')})`;
const UNIT = '(words?|characters?|lines?|sentences?|paragraphs?|bullet points?|bullets)';
const AT_MOST = String.raw`(?:at most|no more than|not more than|a maximum of|maximum|max|up to|fewer than|less than|under|below|not exceed(?:ing)?|within|limit(?: \w+){0,3} to)`;
const AT_LEAST = `(?:at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum|min)`;

const PATTERNS: readonly { readonly pattern: RegExp; readonly bound: 'max' | 'min' | 'both' }[] = [
  { pattern: new RegExp(`\\b${AT_MOST} ${NUMBER} ${UNIT}\\b`, 'i'), bound: 'max' },
  { pattern: new RegExp(`\\b${NUMBER} ${UNIT} (?:or (?:less|fewer)|max(?:imum)?|at most)\\b`, 'i'), bound: 'max' },
  { pattern: new RegExp(`\\b${AT_LEAST} ${NUMBER} ${UNIT}\\b`, 'i'), bound: 'min' },
  { pattern: new RegExp(`\\b${NUMBER} ${UNIT} (?:or more|at least)\\b`, 'i'), bound: 'min' },
  { pattern: new RegExp(`\\bexactly ${NUMBER} ${UNIT}\\b`, 'i'), bound: 'both' },
  {
    pattern: new RegExp(
      `^(?:please )?(?:answer|respond|reply|summari[sz]e|explain|describe|say)\\b[^.;]{0,80}? in (?:just |only )?${NUMBER} ${UNIT}\\b`,
      'i',
    ),
    bound: 'max',
  },
];

/** The limit holds for a part of the answer, or for something the answer is about. */
const PARTIAL =
  /\b(?:each|every|per|apiece|both|either|title|titles|headline|headlines|subject|slogan|slogans|name|names|caption|first|last|password|username|input|column|field|row|that|which|whose|about|around|roughly|approximately|between|output of|apart|before|after)\b/i;
/** "slogans of at most": the limit belongs to each of several. */
const OF_SEVERAL = /\b\w+(?<!s)s\s+(?:of|with|under|having)\s*$/i;
const OWN_CLAUSE =
  /^(?:please )?(?:keep|use|limit|answer|respond|reply|stay|write|at most|at least|exactly|no more|maximum|max|minimum|under)\b/i;

/** The limits a masked sentence puts on the whole answer; empty when their scope is open. */
export function limitsIn(mask: string, aboutCode: boolean): Limit[] {
  if (PARTIAL.test(mask) || (aboutCode && !OWN_CLAUSE.test(mask)) || /\uE000/.test(mask)) return [];
  const limits: Limit[] = [];
  for (const { pattern, bound } of PATTERNS) {
    const match = pattern.exec(mask);
    if (!match?.[1] || !match[2]) continue;
    const before = mask.slice(0, match.index);
    if (OF_SEVERAL.test(before) || / (?:and|plus) (?:a|an|the|one) /i.test(before)) continue;
    const count = numberOf(match[1]);
    const unit = unitOf(match[2]);
    if (limits.some((limit) => limit.unit === unit)) continue;
    limits.push({ unit, ...(bound === 'min' ? {} : { max: count }), ...(bound === 'max' ? {} : { min: count }) });
  }
  return limits;
}

/** What is wrong about an output under a limit, counted in the way that favours it; undefined when nothing surely is. */
export function overLimit(output: string, limit: Limit): string | undefined {
  const [least, most] = countOf(output, limit.unit);
  if (limit.max !== undefined && least > limit.max) return `it has ${least} ${limit.unit}; at most ${limit.max} are allowed`;
  if (limit.min !== undefined && most < limit.min) return `it has ${most} ${limit.unit}; at least ${limit.min} are needed`;
  return undefined;
}

/** The smallest and the largest number that a fair count of an output can give. */
function countOf(output: string, unit: Unit): [number, number] {
  const text = output.trim();
  const prose = text.replace(/```[\s\S]*?(?:```|$)/g, '\n').trim();
  switch (unit) {
    case 'words':
      return [matches(prose.replace(/^#{1,6} .*$/gm, ''), /[^\s]*[\p{L}\p{N}][^\s]*/gu), matches(text, /[\p{L}\p{N}]+/gu)];
    case 'characters':
      return [prose.replace(/\s/g, '').length, text.length];
    case 'lines':
      return [matches(prose, /^.*\S.*$/gm), text.split('\n').length];
    case 'paragraphs':
      return [matches(prose, /(?:^|\n\s*\n)(?!\s*(?:#|[-*•]\s|\d+[.)]\s))\s*\S/g), matches(text, /^.*\S.*$/gm)];
    case 'sentences': {
      const found = sentencesOf(prose.replace(/^#{1,6} .*$/gm, ''));
      const sure = found.filter((sentence) => /[.!?]["'”’)]*$/.test(sentence.text)).length;
      return [sure, Math.max(found.length, matches(text, /[.!?\n]+/g) + 1)];
    }
    case 'bullet points':
      return [matches(prose, /^(?:[-*•]|\d+[.)])\s+\S/gm), matches(text, /^\s*(?:[-*•]|\d+[.)])\s+\S/gm)];
  }
}

const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

function numberOf(text: string): number {
  if (/^a single$/i.test(text)) return 1;
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  return word >= 0 ? word + 1 : Number(text);
}

function unitOf(word: string): Unit {
  const units: readonly Unit[] = ['words', 'characters', 'lines', 'sentences', 'paragraphs'];
  return units.find((unit) => unit.startsWith(word.toLowerCase().replace(/s$/, ''))) ?? 'bullet points';
}
