import { CriticVerdict } from '../../contract/cycle.ts';
import { refusalIn } from '../review/refusals.ts';
import { jsonIn } from './json.ts';
import { listedIn } from './lines.ts';
import { bareName } from './loose-json.ts';
import { type ObjectShape, shaped } from './shape.ts';
import { valuesIn } from './values.ts';

export type VerdictReading =
  | { readonly kind: 'verdict'; readonly verdict: CriticVerdict }
  /** `fault` says what is wrong, in words for whoever answered. It quotes nothing of the answer. */
  | { readonly kind: 'unreadable'; readonly fault: string };

type Fields = Readonly<Record<string, unknown>>;
type Word = CriticVerdict['verdict'];

const SHAPE: ObjectShape = { verdict: 'text', confidence: 'text', issues: 'texts', suggestions: 'texts' };
/** What a verdict may be wrapped in. Another name may well say whose verdict is quoted. */
const WRAPPER = /verdict|critic|review|answer|response/;
/** A critic that says nothing of how sure it is. */
const UNSAID_CONFIDENCE = 0.5;

/**
 * Read a critic's answer, in any form in which it is clear. An approval is clear only when nothing in the answer speaks
 * against it and it cannot have come from the reviewed result: one that speaks of verdicts itself is approved by a verdict
 * that stands alone, and never by one of its own.
 */
export function readVerdict(answer: string, result = ''): VerdictReading {
  const { values, around } = valuesIn(answer);
  const lines = listedIn(around, Object.keys(SHAPE));
  const told = [...values.flatMap((value) => statedIn(value, true)), ...lines.records];
  const all = [...values.flatMap((value) => statedIn(value, false)), ...lines.records];
  const own = told.filter((one) => wordOf(one) !== 'menu');
  const last = own.at(-1);
  if (!last)
    return unreadable(told.length > 0 ? 'it repeats the possible verdicts instead of giving one' : nothingIn(around, all));
  const word = wordOf(last);
  if (word === undefined || word === 'menu')
    return unreadable('"verdict" is not exactly one of APPROVE, MINOR_ISSUES and REJECT');
  if (all.map(wordOf).some((other) => other !== word && other !== 'menu'))
    return unreadable('it holds several verdicts, and they disagree');
  const confidence = confidenceOf(pick(last, 'confidence'));
  if (confidence === undefined) return unreadable('"confidence" is not a number from 0 to 1');
  const read = CriticVerdict.safeParse({ ...Object(shaped(last, SHAPE)), verdict: word, confidence });
  if (!read.success) return unreadable('"issues" and "suggestions" are not lists of texts');
  const against = word === 'REJECT' ? undefined : (doubtOf(last, lines.rest) ?? borrowed(answer, result));
  return against === undefined ? { kind: 'verdict', verdict: read.data } : unreadable(against);
}

const unreadable = (fault: string): VerdictReading => ({ kind: 'unreadable', fault });

function nothingIn(around: string, all: readonly Fields[]): string {
  if (all.length > 0) return 'its verdict is only quoted within something else';
  return /[{}]/.test(around) ? 'its JSON is broken or cut off' : 'it holds no JSON object with a "verdict"';
}

/** Objects that state a verdict: those in its own place, or all of them however deep. */
function statedIn(value: unknown, inPlace: boolean, depth = 32): Fields[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value);
  const deeper = inner.flatMap(([name, part]) =>
    !inPlace || (inner.length === 1 && (Array.isArray(value) || WRAPPER.test(bareName(name))))
      ? statedIn(part, inPlace, depth - 1)
      : [],
  );
  const said = Array.isArray(value) ? undefined : pick({ ...value }, 'verdict');
  const states = said !== undefined && (Array.isArray(said) || typeof said !== 'object');
  return states ? [{ ...value }, ...(inPlace ? [] : deeper)] : deeper;
}

const pick = (fields: Fields, name: string): unknown => Object.entries(fields).find(([key]) => bareName(key) === name)?.[1];

/** The verdict that a value names and nothing but names; `menu` when it lists the possible ones. */
function wordOf(fields: Fields): Word | 'menu' | undefined {
  const said = pick(fields, 'verdict');
  const value = Array.isArray(said) && said.length === 1 ? said[0] : said;
  if (Array.isArray(value) && value.length > 1) return 'menu';
  if (typeof value !== 'string') return undefined;
  const bare = value
    .trim()
    .replace(/^["'*_`“„]+|(?:["'*_`”“.!✅✔\s]|\uFE0F)+$/gu, '')
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  if (/^APPROVED?$/.test(bare)) return 'APPROVE';
  if (/^REJECT(?:ED)?$/.test(bare)) return 'REJECT';
  if (/^MINOR_ISSUES?$/.test(bare)) return 'MINOR_ISSUES';
  return /APPROVE/.test(bare) && /REJECT/.test(bare) && /MINOR/.test(bare) ? 'menu' : undefined;
}

/** As a number, a text, a percentage or parts of a whole; undefined when it is none of them. */
function confidenceOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return UNSAID_CONFIDENCE;
  const parts = /^\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*(%|\/\s*(\d+))?\s*$/.exec(String(value));
  if (!parts?.[1]) return undefined;
  const number = Number(parts[1].replace(',', '.'));
  const whole = parts[3] === undefined ? (parts[2] === '%' || number > 1 ? 100 : 1) : Number(parts[3]);
  const share = number / whole;
  return share >= 0 && share <= 1 ? share : undefined;
}

/** An approval that is denied, or only supposed. */
const DENIED =
  /(?:\b(?:not|never|cannot|unable)\b|n['’]t\b)[^.!?\n]{0,40}\bapprov|\bapprov\w*[^.!?\n]{0,40}\b(?:not|never|withheld|denied)\b/i;
const SUPPOSED =
  /\b(?:would|could|might|if|unless)\b[^.!?\n]{0,40}\bapprov|\bapprov\w*[^.!?\n]{0,40}\b(?:if|unless)\b|\b(?:example|for instance|e\.g|such as|placeholder)\b/i;

/** What in the answer itself speaks against an approval, or makes it one only in part. */
function doubtOf(stated: Fields, around: string): string | undefined {
  if (/[{}]/.test(around)) return 'there is broken JSON beside the verdict';
  const denies = DENIED.test(around) || /\b(?:reject|disapprov|declin|refus)/i.test(around) || refusalIn(around) !== undefined;
  if (denies || SUPPOSED.test(around)) return 'the words around the verdict do not agree with it';
  const { verdict, ...rest } = stated;
  if (textsIn(rest).some((text) => /\bREJECT(?:ED)?\b/.test(text) || DENIED.test(text)))
    return 'the words within the verdict do not agree with it';
  if (Object.entries(rest).some(([name, value]) => contradicts(name, value)))
    return 'a field beside the verdict does not agree with it';
  return undefined;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A further field that says no: a `false`, or a `true` where it names the opposite. */
const contradicts = (name: string, value: unknown): boolean =>
  typeof value === 'boolean' && value === /reject|fail|disapprov|refus/i.test(name);

/** Whether an approval may be the reviewed result's own words. */
function borrowed(answer: string, result: string): string | undefined {
  if (!bareName(result).includes('verdict')) return undefined;
  const alone = jsonIn(answer);
  if (!alone.found || !CriticVerdict.safeParse(alone.value).success)
    return 'the reviewed result speaks of verdicts itself, so only a verdict that is the whole answer counts';
  const plain = (text: string): string => text.replace(/[\s\p{Cf}]+/gu, '');
  return plain(result).includes(plain(alone.text)) ? 'it stands word for word in the reviewed result' : undefined;
}
