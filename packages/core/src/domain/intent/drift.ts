import { jsonIn } from '../answers/json.ts';
import { sentencesOf, withoutQuotes, wordsOf } from '../words/index.ts';
import { type Check, checksOf } from './checks.ts';
import { FEATURES } from './features.ts';
import { otherLanguage } from './languages.ts';
import { overLimit } from './limits.ts';
import type { Drift, Intent } from './types.ts';

/** A mention that says the thing is not there. */
const DENIAL =
  /\b(?:no|not|never|none|without|free|instead|avoid\w*|exclud\w*|omit\w*|skip\w*|leav\w+ out|left out|replac\w*|substitut\w*|swap\w*|unlike|rather|aside|apart|except|alternative\w*|lack\w*|contains? no|non)\b|n['’]t\b/i;
/** The work goes into a file, so the answer's own words need not have what the file must have. */
const INTO_A_FILE =
  /\b(?:write|create|save|store|put|update|edit|append|generate|make|build|produce|fill|extend)\b[^\n]{0,120}?(?:\b[\w-]+\.(?:md|txt|json|jsonl|ya?ml|csv|html?|css|[cm]?[jt]sx?|py|sh|toml|xml|svg|sql|rs|go|java)\b|\b(?:file|document|page|script)\b)/i;
const VERB_FIRST = /^(?:mention|say|use|include|add|write|put|contain|refer|talk|speak|repeat|have)\b/i;

export interface DriftOptions {
  /**
   * `part`: the output is one step of the work, so only what is forbidden can be broken by it; what the whole must have
   * and how long it may be is judged on the parent.
   */
  readonly scope?: 'whole' | 'part';
  /** Texts that were produced besides the output, such as declared files: what must be there may stand in them. */
  readonly also?: readonly string[];
}

/**
 * The sentences of an intent that an output breaks: a stated constraint or an anti-goal that it pursues. Only what words
 * and counts decide surely; everything else is the critic's. Deterministic; an empty list is no proof of alignment.
 */
export function driftOf(intent: Intent, output: string, options: DriftOptions = {}): Drift[] {
  const drifts: Drift[] = [];
  const seen = new Set<string>();
  const also = options.also ?? [];
  const onlyForbidden = options.scope === 'part' || (also.length === 0 && INTO_A_FILE.test(withoutQuotes(intent.original_text)));
  const stated = [
    ...intent.constraints.map((line) => ({ line, kind: 'constraint' as const, reads: line })),
    ...intent.anti_goals.map((line) => ({ line, kind: 'anti_goal' as const, reads: prohibition(line, intent) })),
  ];
  for (const { line, kind, reads } of stated) {
    for (const check of checksOf(reads)) {
      const key = JSON.stringify(check);
      if (seen.has(key)) continue;
      seen.add(key);
      if (onlyForbidden && !forbids(check)) continue;
      const detail = brokenBy(check, output, also);
      if (detail !== undefined) drifts.push({ constraint: line, kind, detail });
    }
  }
  return drifts;
}

/** One line per drift for a reviewer's issues: the person's words first. */
export const driftIssue = (drift: Drift): string =>
  drift.kind === 'constraint'
    ? `the output breaks the constraint "${drift.constraint}": ${drift.detail}`
    : `the output pursues the anti-goal "${drift.constraint}": ${drift.detail}`;

/** An anti-goal as a sentence: the one it stands in, with its conditions, or a prohibition made of it. */
function prohibition(line: string, intent: Intent): string {
  const source = sentencesOf(intent.original_text).find((sentence) => sentence.text.includes(line));
  if (source) return source.text;
  if (/^(?:no|not|do not|don['’]t|never|avoid|without|exclude|skip)\b/i.test(line)) return line;
  return VERB_FIRST.test(line) ? `Do not ${line}` : `Without ${line}`;
}

const forbids = ({ kind }: Check): boolean => kind === 'mention' || kind === 'present' || kind === 'feature';

function brokenBy(check: Check, output: string, also: readonly string[]): string | undefined {
  switch (check.kind) {
    case 'mention':
      return phrase(check.phrase).test(output) ? `it mentions "${check.phrase}"` : undefined;
    case 'present': {
      const line = affirming(output, check.phrase);
      return line === undefined ? undefined : `it has "${check.phrase}" in "${line.slice(0, 80)}"`;
    }
    case 'feature':
      return FEATURES.find(({ feature }) => feature === check.feature)?.seen.test(proseOf(output, check.feature))
        ? `it has ${check.feature}`
        : undefined;
    case 'contains':
      return [output, ...also].some((text) => phrase(check.phrase).test(text)) ? undefined : `"${check.phrase}" is missing`;
    case 'starts':
      return edge(output).startsWith(edge(check.phrase)) ? undefined : `it does not start with "${check.phrase}"`;
    case 'ends':
      return edge(output).endsWith(edge(check.phrase)) ? undefined : `it does not end with "${check.phrase}"`;
    case 'limit':
      return also.length > 0 ? undefined : overLimit(output, check.limit);
    case 'json':
      return also.length > 0 || holdsJson(output) ? undefined : 'it holds no JSON';
    case 'language': {
      const other = otherLanguage(output, check.language);
      return other === undefined ? undefined : `it is written in ${other}, not in ${check.language}`;
    }
    case 'lowercase':
      return /\p{Lu}\p{L}*[^\p{Lu}]*\p{Lu}/u.test(output) ? 'it has upper-case letters' : undefined;
    case 'uppercase':
      return /\p{Ll}{3,}[^\p{Ll}]+\p{Ll}{3,}/u.test(output) ? 'it has lower-case words' : undefined;
  }
}

/** A phrase as whole words, blanks of any kind between them, singular or plural at its end. */
function phrase(words: string): RegExp {
  const escaped = words
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const last = escaped.pop() ?? '';
  const stem =
    /^\p{L}{4,}s$/u.test(last) && !/(?:ss|us|is)$/.test(last)
      ? `${last.slice(0, -1)}s?`
      : /^\p{L}{3,}$/u.test(last)
        ? `${last}s?`
        : last;
  return new RegExp(`(?<![\\p{L}\\p{N}_])${[...escaped, stem].join('\\s+')}(?![\\p{L}\\p{N}_])`, 'iu');
}

/** The sentence that has a thing without denying it. */
function affirming(output: string, words: string): string | undefined {
  const pattern = phrase(words);
  return sentencesOf(output)
    .map(({ text }) => text)
    .find((text) => pattern.test(text) && !DENIAL.test(text) && wordsOf(text).length > 0);
}

/** Marks of punctuation and digits count in prose only; code and addresses have their own. */
function proseOf(output: string, feature: string): string {
  if (feature === 'code blocks' || feature === 'links') return output;
  return output.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|\bhttps?:\/\/\S+/g, ' ');
}

function edge(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/\s+/g, ' ');
}

function holdsJson(output: string): boolean {
  if (jsonIn(output).found) return true;
  const fenced = [...output.matchAll(/```(?:json)?[ \t]*\r?\n([\s\S]*?)```/gi)].some((match) => jsonIn(match[1] ?? '').found);
  const from = output.search(/[[{]/);
  const to = Math.max(output.lastIndexOf(']'), output.lastIndexOf('}'));
  return fenced || (from >= 0 && to > from && jsonIn(output.slice(from, to + 1)).found);
}
