import { CriticVerdict } from '../../contract/cycle.ts';
import { couldContradict, isGrave, shareOf, wordsOfName } from './beside.ts';
import { jsonIn } from './json.ts';
import { listedIn } from './lines.ts';
import { bareName } from './loose-json.ts';
import { type ObjectShape, shaped } from './shape.ts';
import { valuesIn } from './values.ts';
import { findsFault, isNeutral, rejects } from './words.ts';

export type VerdictReading =
  | { readonly kind: 'verdict'; readonly verdict: CriticVerdict }
  /** `fault` says what is wrong, in words for whoever answered. It quotes nothing of the answer. */
  | { readonly kind: 'unreadable'; readonly fault: string };

type Fields = Readonly<Record<string, unknown>>;
type Word = CriticVerdict['verdict'];

const SHAPE: ObjectShape = { verdict: 'text', confidence: 'text', issues: 'texts', suggestions: 'texts' };
/** What a verdict may be wrapped in. Another name may well say whose verdict is quoted. */
const WRAPPER = /^(?:verdict|critic|criticverdict|review|reviewer|answer|response|reply|result|output|final|my|the|json|data)$/;
/** A critic that says nothing of how sure it is. */
const UNSAID_CONFIDENCE = 0.5;

/**
 * Read a critic's answer, in any form in which it is clear. A rejection may stand between words. An approval is clear only
 * when all that is around and beside it is known to be harmless, and it cannot have come from the reviewed result: one that
 * speaks of verdicts itself is approved by a verdict that stands alone, and never by one of its own.
 */
export function readVerdict(answer: string, result = ''): VerdictReading {
  const { values, around } = valuesIn(answer);
  const lines = listedIn(around, Object.keys(SHAPE));
  const listed = lines.records.filter((record) => !isHeading(record));
  const told = [...values.flatMap((value) => statedIn(value, true)), ...listed];
  const all = [...values.flatMap((value) => statedIn(value, false)), ...listed];
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
  const against =
    word === 'REJECT' ? undefined : (borrowed(answer, result) ?? doubtOf({ values, told, around, rest: lines.rest }));
  return against === undefined ? { kind: 'verdict', verdict: read.data } : unreadable(against);
}

const unreadable = (fault: string): VerdictReading => ({ kind: 'unreadable', fault });

function nothingIn(around: string, all: readonly Fields[]): string {
  if (all.length > 0) return 'its verdict is only quoted within something else';
  return /[{}]/.test(around) ? 'its JSON is broken or cut off' : 'it holds no JSON object with a "verdict"';
}

/** A line that names a verdict and leaves it to what follows. */
const isHeading = (record: Fields): boolean => JSON.stringify(record) === '{"verdict":[]}';

/** Objects that state a verdict: those in its own place, or all of them however deep. */
function statedIn(value: unknown, inPlace: boolean, depth = 32): Fields[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value);
  const deeper = inner.flatMap(([name, part]) =>
    !inPlace || (inner.length === 1 && (Array.isArray(value) || isWrapper(name))) ? statedIn(part, inPlace, depth - 1) : [],
  );
  const said = Array.isArray(value) ? undefined : pick({ ...value }, 'verdict');
  const states = said !== undefined && (Array.isArray(said) || typeof said !== 'object');
  return states ? [{ ...value }, ...(inPlace ? [] : deeper)] : deeper;
}

const isWrapper = (name: string): boolean => wordsOfName(name).every((word) => WRAPPER.test(word));
const pick = (fields: Fields, name: string): unknown => Object.entries(fields).find(([key]) => bareName(key) === name)?.[1];

/** The verdict that a value names and nothing but names; `menu` when it lists the possible ones. */
function wordOf(fields: Fields): Word | 'menu' | undefined {
  const said = pick(fields, 'verdict');
  const value = Array.isArray(said) && said.length === 1 ? said[0] : said;
  if (Array.isArray(value) && value.length > 1) return wordOf({ verdict: value.join('|') });
  if (typeof value !== 'string') return undefined;
  const bare = value
    .trim()
    .replace(/^["'*_`“„]+|(?:["'*_`”“.!✅✔\s]|\uFE0F)+$/gu, '')
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  if (/^APPROVED?$/.test(bare)) return 'APPROVE';
  if (/^REJECT(?:ED)?$/.test(bare)) return 'REJECT';
  if (/^MINOR_ISSUES?$/.test(bare)) return 'MINOR_ISSUES';
  const choices = new Set(bare.split(/[^A-Z]*[|/,;][^A-Z]*|_OR_/));
  return choices.size === 3 && [...choices].every((one) => /^(?:APPROVE|REJECT|MINOR_ISSUES)$/.test(one)) ? 'menu' : undefined;
}

/** Undefined when it is no share of a whole. */
const confidenceOf = (value: unknown): number | undefined =>
  value === undefined || value === null || value === '' ? UNSAID_CONFIDENCE : shareOf(value);

/** An answer that approves, taken apart. */
interface Approval {
  readonly values: readonly unknown[];
  readonly told: readonly Fields[];
  readonly around: string;
  /** What of the words around belongs to no field. */
  readonly rest: string;
}

/** What in the answer itself speaks against an approval, or might: words of whatever language that are not known to be harmless do. */
function doubtOf({ values, told, around, rest }: Approval): string | undefined {
  if (/[{}]/.test(around)) return 'there is broken JSON beside the verdict';
  if (values.some((value) => statedIn(value, true).length === 0)) return 'there is another JSON object beside the verdict';
  if (/^\s*>/m.test(around) || !isNeutral(rest))
    return 'the words around the verdict do not plainly agree with it; answer with the JSON object alone';
  for (const one of told) {
    const doubt = doubtWithin(one);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

function doubtWithin(stated: Fields): string | undefined {
  const word = wordOf(stated);
  if (word !== 'menu' && confidenceOf(pick(stated, 'confidence')) === 0) return 'it approves with a confidence of 0';
  const issues = pick(stated, 'issues');
  if (isGrave(issues)) return 'it approves, but names a grave issue';
  const found = [issues]
    .flat()
    .map((issue) => textsIn(issue).join(': '))
    .filter((text) => !/^\W*(?:none|no issues|nothing|n\/a)?\W*$/i.test(text));
  const deny = word === 'APPROVE' ? findsFault : rejects;
  if (found.some(deny)) return 'its issues do not agree with it; small ones take MINOR_ISSUES, others REJECT';
  if (textsIn(pick(stated, 'suggestions')).some(rejects)) return 'the words within the verdict do not agree with it';
  const further = Object.entries(stated).filter(([name]) => !Object.hasOwn(SHAPE, bareName(name)));
  return further.some(([name, value]) => couldContradict(name, value))
    ? 'a field beside the verdict does not plainly agree with it; answer with the four fields alone'
    : undefined;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Whether an approval may be the reviewed result's own words. */
function borrowed(answer: string, result: string): string | undefined {
  if (!bareName(result).includes('verdict')) return undefined;
  const alone = jsonIn(answer);
  if (!alone.found || !CriticVerdict.safeParse(alone.value).success)
    return 'the reviewed result speaks of verdicts itself, so only a verdict that is the whole answer counts';
  const plain = (text: string): string => text.replace(/[\s\p{Cf}]+/gu, '');
  return plain(result).includes(plain(alone.text)) ? 'it stands word for word in the reviewed result' : undefined;
}
