import type { Intent } from '../intent/types.ts';
import { isStopWord, masked, sentencesOf, stem, wordsOf } from '../words/index.ts';

/** What a task asks for, as stems: the words of its instruction without the material that it works on. */
export interface Instruction {
  /** Each once, in the order they stand. */
  readonly stems: readonly string[];
  /** The first word that asks for something of its own, when there is one. */
  readonly head: string | undefined;
  /** Of these, the ones that only count for a skill that knows them: "how many", and a "list" that asks to be shown. */
  readonly soft: ReadonlySet<string>;
  /** Of these, the ones that only say where: "in the page", "named so". */
  readonly where: ReadonlySet<string>;
  /** Of these, the ones that only say what a text is about: "a poem about JSON". */
  readonly topic: ReadonlySet<string>;
  /** Pairs of "from this to that", as stems. */
  readonly directions: readonly (readonly [string, string])[];
  /** Whether it is a question that is answered by yes or no. */
  readonly yesOrNo: boolean;
  /** Whether there is anything to work on: quoted words, numbers, a file, what follows a colon. */
  readonly material: boolean;
}

/** Words of asking and of material that say nothing about which skill fits. */
const NEUTRAL = new Set(
  `give tell show want need like get make take put help use run apply perform execute do find output print return answer say provide produce kindly
  following given below text string sentence phrase value input content word thing something one item me result version form
  many much number total generate create build`
    .split(/\s+/)
    .map(stem),
);

/** The instruction in a task's own text; the goal of its intent stands in when the text has none. */
export function instructionOf(text: string, intent?: Pick<Intent, 'goal'>): Instruction {
  const own = read(text);
  return own.stems.length > 0 || intent === undefined ? own : read(intent.goal);
}

function read(text: string): Instruction {
  const asking = askingPart(text);
  const stems = [...new Set(termsOf(asking))];
  const only = (pattern: RegExp): Set<string> => {
    const elsewhere = new Set(termsOf(asking.replace(pattern, ' ')));
    return new Set(
      [...asking.matchAll(pattern)].flatMap((match) => termsOf(match[1] ?? '')).filter((stem) => !elsewhere.has(stem)),
    );
  };
  const soft = new Set([
    ...(/\b(?:how many|number of)\b/i.test(asking) ? ['count'] : []),
    ...(/^\W*(?:please\s+)?(?:list|name)\b/i.test(asking) ? ['list', 'nam'] : []),
  ]);
  const head = stems.find((stem) => !isNeutral(stem) && !soft.has(stem) && !GENERAL_VERBS.has(stem));
  return {
    stems,
    head: head === stems.find((stem) => !isNeutral(stem)) ? head : undefined,
    soft,
    where: only(WHERE),
    topic: only(TOPIC),
    directions: directionsIn(asking),
    yesOrNo: /^\W*(?:is|are|was|were|does|do|did|has|have|should|am)\b(?! not\b)/i.test(asking),
    material: hasMaterial(text),
  };
}

/** "JSON to YAML", "CSV rows into JSON", "X as Y", in a text or in what a skill says of itself: what becomes what. */
export function directionsIn(text: string): [string, string][] {
  return [...text.matchAll(/\s(?:to|into|as|in)\s+/gi)].flatMap((match) => {
    const before = termsOf(
      text
        .slice(0, match.index)
        .split(/[.,;:]\s/)
        .at(-1) ?? '',
    ).slice(-2);
    const [to] = termsOf(text.slice(match.index + match[0].length).split(/[.,;:]\s/)[0] ?? '');
    return to === undefined ? [] : before.filter((from) => from !== to).map((from): [string, string] => [from, to]);
  });
}

function hasMaterial(text: string): boolean {
  const mask = masked(text);
  if (/\uE000|\d|[[{<]|:\s*\S/.test(mask) || sentencesOf(text).length > 1) return true;
  const named = /\b(?:words?|string|name|folder|directory|file|title|text|headline|phrase)\s+([\p{L}-]+)/iu.exec(mask)?.[1];
  return named !== undefined && !isStopWord(named.toLowerCase());
}

/** "in the page below", "from that message": where the material is. */
const WHERE =
  /\b(?:(?:in|from|inside|within|out of)\s+(?=(?:the|this|that|these|those|my|our|your|an?)\b)|named\s+|called\s+)((?:[^\s,.;:!?]+\s*){1,5})/gi;
const TOPIC = /\babout\s+((?:[^\s,.;:!?]+\s*){1,6})/gi;
/** Verbs that many different skills could be asked with. */
const GENERAL_VERBS = new Set(['comput', 'check']);
const MATERIAL_FOLLOWS = /\b(?:following|below|here)\b/i;

/** What shall not be done is asked of no skill. */
const FORBIDDEN = /\b(?:do not|don['’]t|never|without|avoid|instead of|rather than)\b[^.,;:!?]*/gi;

/** The sentences that ask, without the material: what follows a colon, and what "the following text" announces. */
function askingPart(text: string): string {
  const [first, second] = sentencesOf(text)
    .map((sentence) => sentence.masked.replace(FORBIDDEN, ' '))
    .filter((sentence) => /\p{L}/u.test(sentence));
  if (first === undefined) return '';
  const closed = beforeMaterial(first) !== first || MATERIAL_FOLLOWS.test(first);
  return second === undefined || closed ? beforeMaterial(first) : `${first} ${beforeMaterial(second)}`;
}

/** What stands before a colon, when that is more than a word: the material comes behind it. */
function beforeMaterial(sentence: string): string {
  const colon = sentence.search(/:(?:\s|$)/);
  return colon > 0 && wordsOf(sentence.slice(0, colon)).length >= 2 ? sentence.slice(0, colon) : sentence;
}

/** Terms of an instruction or of a skill: meaningful words, stemmed; numbers left out. */
export function termsOf(text: string): string[] {
  return joined(text)
    .filter((word) => !isStopWord(word) && !/^\d+$/.test(word))
    .map((word) => SAME_WORD.get(stem(word)) ?? stem(word));
}

export const isNeutral = (term: string): boolean => NEUTRAL.has(term);

/** Words that people write in one or two pieces, made one: "upper case", "e-mail", "SHA-256", "base 64". */
function joined(text: string): string[] {
  const tight = text
    .toLowerCase()
    .replace(/\b(upper|lower|title|camel|snake|kebab)[ -]?case(d)?\b/g, '$1case')
    .replace(/\be-mails?\b/g, 'email')
    .replace(/\bsha[ -]?(\d+)\b/g, 'sha$1')
    .replace(/\bbase[ -]?64\b/g, 'base64')
    .replace(/\b(what|does|do|did)\b(.*)\bmean\b/g, '$1$2')
    .replace(/\bhow many\b/g, 'count')
    .replace(/\bnumber of\b/g, 'count')
    .replace(/\badd up\b/g, 'sum')
    .replace(/\b(?:capital|block) letters\b|\ball caps\b/g, 'uppercase')
    .replace(/\bsmall letters\b/g, 'lowercase');
  return wordsOf(tight);
}

/** Words that mean the same in an instruction, by their stems. */
const SAME_WORD = new Map(
  [
    ['convert', 'turn', 'change', 'transform', 'rewrite'],
    ['remove', 'delete', 'drop', 'strip'],
    ['comput', 'calculat', 'determine', 'evaluat'],
    ['sort', 'order', 'arrange', 'alphabetize', 'alphabetise'],
    ['save', 'store'],
    ['read', 'load', 'open'],
    ['extract', 'pull'],
    ['folder', 'directory'],
    ['link', 'url', 'hyperlink'],
    ['uppercase', 'upper', 'cap'],
    ['lowercase', 'lower'],
    ['sum', 'total'],
    ['file', 'document'],
    ['capitalize', 'capitalise'],
    ['duplicate', 'dedup', 'deduplicate', 'repeat'],
  ].flatMap(([first, ...others]) => others.map((word): [string, string] => [stem(word), stem(first ?? word)])),
);
