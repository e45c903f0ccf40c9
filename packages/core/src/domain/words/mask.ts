import { forLatest } from './for-latest.ts';

/** A stretch of a text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What stands where a protected character stood: a letter for every rule, and never a word of its own. */
const FILLER = '\uE000';

const CODE: readonly RegExp[] = [/```[\s\S]*?(?:```|$)/g, /`[^`\n]+`/g];
const QUOTES: readonly RegExp[] = [
  /"[^"\n]*"/g,
  /“[^”]*”/g,
  /„[^“”]*[“”]/g,
  /«[^»]*»/g,
  // An apostrophe inside a word opens and closes nothing.
  /(?<![\p{L}\p{N}])'[^'\n]*(?:'(?=[\p{L}\p{N}])[^'\n]*)*'(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])‘[^’\n]*(?:’(?=[\p{L}\p{N}])[^’\n]*)*’(?![\p{L}\p{N}])/gu,
];
const NAMES: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/gi,
  /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  // Paths, file names, dotted identifiers, versions and decimal numbers.
  /(?<![\w/])(?:\.{0,2}\/)?[\w@~-]+(?:[./][\w@*-]+)+(?:\(\))?/g,
  /(?<![\w.])\.[a-z][\w-]*/gi,
  /\b(?:e\.g|i\.e|vs|cf|approx|dr|mr|mrs|ms|prof|resp|incl|excl)\.(?=\s|[,;:)])/gi,
  /\bno\.(?=\s?\d)/gi,
  // These may end a sentence as well; a capital letter after them says that they do.
  /\b(?:etc|inc|ltd|jr|sr|a\.m|p\.m|u\.s|u\.k)\.(?=\s+[^\p{Lu}\s]|[,;:)])/giu,
];

/** The stretches of a text that no rule may read as instructions or cut: words in quotation marks and code. */
export function quotedSpans(text: string): Span[] {
  return merge([...CODE, ...QUOTES].flatMap((pattern) => find(text, pattern)));
}

/**
 * The text with the same length in which quoted words, code, URLs, file names, versions and abbreviations are filled up,
 * so that a rule can look for words and punctuation and cut the original at the same places.
 */
export const masked = forLatest((text) =>
  fill(fill(text, quotedSpans(text)), merge(NAMES.flatMap((pattern) => find(text, pattern)))),
);

/** The text with quoted words and code filled up only; names of files and links stay readable. */
export function withoutQuotes(text: string): string {
  return fill(text, quotedSpans(text)).replaceAll(FILLER, ' ');
}

/** The text of the same length with what stands in brackets filled up too, nested ones included. */
export function maskBrackets(maskedText: string): string {
  let text = maskedText;
  for (let depth = 0; depth < 4; depth++) {
    const found = find(text, /[([{][^()[\]{}]*[)\]}]/g);
    if (found.length === 0) return text;
    text = fill(text, found);
  }
  return text;
}

function find(text: string, pattern: RegExp): Span[] {
  // Looking first is many times cheaper than an iterator, and most patterns occur nowhere.
  if (text.search(pattern) < 0) return [];
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && span.start < last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function fill(text: string, spans: readonly Span[]): string {
  let filled = '';
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at) continue;
    filled += text.slice(at, start) + FILLER.repeat(end - start);
    at = end;
  }
  return filled + text.slice(at);
}
