import { maskBrackets } from '../words/mask.ts';
import { beginsWork, verbWithObject } from './verbs.ts';

/**
 * Signs that a text may be several tasks, whatever its language: they never cut it, they only forbid to call it one
 * without asking. `understood` is how many things to do the rules found in it.
 */
export function mayBeSeveral(maskedText: string, understood: number): boolean {
  const text = maskBrackets(maskedText);
  if (isListed(maskedText) || hasParallels(text)) return true;
  if (understood > 0) return commasAskFor(text) || sentencesOf(text).slice(1).filter(mayAsk).length >= 2;
  return (
    atLeast(3, text.split(COMMA)) ||
    atLeast(2, text.split(SEQUENCE)) ||
    sentencesOf(text).filter(mayAsk).length >= 2 ||
    inItsMiddle(text)
  );
}

/** Clauses side by side, with semicolons between them. */
export const hasParallels = (maskedText: string): boolean => atLeast(2, maskBrackets(maskedText).split(SEMICOLON));

/**
 * Two points of a list that each could be something to do, or a numbering that goes on from one to the next. Single words
 * below an understood request ("Write about:") are what it is about.
 */
export function isListed(maskedText: string): boolean {
  const lines = maskedText.split('\n').filter((line) => line.trim() !== '');
  const points = lines.filter((line) => BULLET.test(line)).map((line) => line.replace(BULLET, ''));
  if (points.length < 2) return isNumbered(maskedText);
  const [heading = ''] = lines;
  return isNumbered(maskedText) || atLeast(2, points) || !/[:：]\s*$/.test(heading) || !beginsWork(heading, false);
}

const SEMICOLON = /[;；؛]/;
const COMMA = /[,，、،;；؛]/;
const SENTENCE_END = /[.!…](?=\s|$)|(?<=\?)\s|(?<=[？؟])|[。！।۔｡]|\n/;
const BULLET = /^[ \t　]*(?:[-*+–—](?=\s)|[•‣⁃▪▫◦●○■□▶►➤→✓✔☐☑・·]|\[[ xX]?\])[ \t　]*/;
/** What orders steps in languages that the rules cannot cut; English is cut elsewhere. */
const SEQUENCE =
  /(?<!\p{L})(?:dann|danach|anschließend|puis|ensuite|luego|después|despues|entonces|poi|dopo|depois|então|daarna|sedan|därefter|derefter|potem|następnie|potom|затем|потом|после этого|sonra|kemudian|sau đó|ثم|بعد ذلك|फिर|και μετά)(?!\p{L})|然后|然後|接着|接著|再(?=\p{L})|その後|次に|それから|てから|그다음|그리고/iu;

const atLeast = (count: number, parts: readonly string[]): boolean => parts.filter(mayBeClause).length >= count;

/** Two words at least, or as much in a script without blanks; a part that begins with a number counts things. */
function mayBeClause(part: string): boolean {
  const text = part.trim();
  if (/^\p{N}/u.test(text) && !/^\p{N}+[.)]/u.test(text)) return false;
  const words = text.match(/[\p{L}\p{N}\uE000][\p{L}\p{M}\p{N}\uE000'’-]*/gu) ?? [];
  return words.length >= 2 || UNSPACED.test(text);
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]{3}/u;

const sentencesOf = (text: string): readonly string[] => text.split(SENTENCE_END);

/** Whether a sentence could ask for something: no question, and none that English words show to state or to say how. */
const mayAsk = (sentence: string): boolean => mayBeClause(sentence) && !/[?？؟:：]\s*$/.test(sentence) && !STATES.test(sentence);
const STATES =
  /^\W*(?:the|an?|this|that|these|those|it|its|i|we|you|they|he|she|there|here|our|my|your|their|his|her|not|no|is|are|was|were|what|why|how|who|where|if|unless|when|while|because|since|although|as|given|before|after|for|using|with|from|in|on|at|please|do not|don['’]t|never|always|only|all|use|make|keep|avoid|answer|be|return|include|ensure|hello|hi|thanks?)\b/i;

/** "Measure the garden, water the plants, mow the lawn": behind its commas verbs seem to have objects of their own. */
const commasAskFor = (text: string): boolean => sentencesOf(text).some((one) => clausesIn(one) >= 2);
const clausesIn = (sentence: string): number =>
  STATES.test(sentence)
    ? 0
    : sentence
        .split(/[,，]\s*(?:and\s+)?/)
        .slice(1)
        .filter(verbWithObject).length;

/** A full stop of a script that needs no blank behind it, with something on both sides. */
const inItsMiddle = (text: string): boolean => atLeast(2, text.split(/[。！।۔｡]/));

const MARK =
  /(?<=^|[\s。；;，,、:：])[(（]?(?:(?<digits>\p{Nd}{1,2})(?:[.)）、．:：]|\s?[-–](?=\s))|(?<letter>[a-hа-е])[.)）]|(?<circle>[①-⑳❶-❿⑴-⒇])|(?<han>[一二三四五六七八九十])[、.．)）])\s*(?=[\p{L}\uE000])/giu;

/** Marks of a numbering, in any script, of which one follows the other. */
function isNumbered(text: string): boolean {
  const marks = [...text.matchAll(MARK)].map(({ groups }) => ordinalOf(groups ?? {}));
  return marks.some((value, at) => at > 0 && value === (marks[at - 1] ?? Number.NaN) + 1);
}

function ordinalOf({ digits, letter, circle, han }: Readonly<Record<string, string | undefined>>): number {
  if (digits !== undefined) return [...digits].reduce((sum, digit) => sum * 10 + digitOf(digit), 0);
  if (han !== undefined) return '一二三四五六七八九十'.indexOf(han) + 1_000;
  return (letter?.toLowerCase() ?? circle ?? '').codePointAt(0) ?? Number.NaN;
}

/** The ten digits of a script stand in a row, zero first. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}
