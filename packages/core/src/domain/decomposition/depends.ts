import { stem, wordsOf } from '../words/index.ts';
import type { Piece } from './pieces.ts';

/** A pronoun right behind the verb means what an earlier piece made; further on, it mostly means something of its own. */
const POINTS_BACK = /^\W*(?:[\p{L}-]+\s+){1,2}(?:it|them|both|this|that|those|these)\b(?!\s+\p{L}+\s+(?:of|in)\b)/iu;
const RESULT_BEFORE =
  /\b(?:the|its|their|that|this|those|these)\s+(?:\p{L}+\s+)?(?:results?|outputs?|findings|answers?)\b|\b(?:the\s+)?(?:previous|above|preceding|former|earlier|prior)\b|\bbased on (?:it|that|this|them)\b|\bwith (?:it|that|them)$/iu;
const ALL_BEFORE = /\b(?:all (?:of )?(?:it|them|this|that|these|those|the above)|everything|the results|both)\b/i;
const STEPS = /\bsteps?\s+(\d{1,3}(?:(?:\s*,\s*|\s+and\s+|\s*[-–]\s*|\s+to\s+)\d{1,3})*)/gi;
const ORDERED = /^\W*(?:after|once|when|as soon as)\b[^,]*,/i;

/**
 * What every piece has to wait for, as indexes of earlier pieces. A dependency is real when a connector says so ("then",
 * "after that"), when a piece points back ("email it", "the results", "step 2"), or when it uses "the report" that an
 * earlier piece makes as "a report". Everything else runs side by side.
 */
export function dependenciesOf(pieces: readonly Piece[]): number[][] {
  const found: Set<number>[] = [];
  for (const [index, piece] of pieces.entries()) {
    const before = pieces.slice(0, index);
    const waits = new Set<number>();
    if (piece.link === 'after' || ORDERED.test(piece.masked))
      for (const at of openEnds(found, scope(piece, before))) waits.add(at);
    if (piece.link === 'with') for (const at of found[index - 1] ?? []) waits.add(at);
    for (const at of pointedAt(piece, before)) waits.add(at);
    found.push(waits);
  }
  return found.map((waits) => [...waits].sort((a, b) => a - b));
}

/** A connector inside a sentence ties to that sentence; one at its beginning to everything before. */
function scope(piece: Piece, before: readonly Piece[]): number[] {
  const indexes = [...before.keys()];
  const same = indexes.filter((at) => before[at]?.sentence === piece.sentence);
  return same.length > 0 ? same : indexes;
}

/** Those of the candidates that no other candidate waits for. */
function openEnds(found: readonly ReadonlySet<number>[], candidates: readonly number[]): number[] {
  return candidates.filter((at) => !candidates.some((other) => found[other]?.has(at)));
}

function pointedAt(piece: Piece, before: readonly Piece[]): number[] {
  if (before.length === 0) return [];
  const last = before.length - 1;
  if (ALL_BEFORE.test(piece.masked)) return [...before.keys()];
  const numbered = numbersIn(piece.masked).flatMap((number) => {
    const at = before.findIndex((other, index) => (other.number ?? index + 1) === number);
    return at >= 0 ? [at] : [];
  });
  const pointsBack = POINTS_BACK.test(piece.masked) || RESULT_BEFORE.test(piece.masked);
  return [...numbered, ...(pointsBack && numbered.length === 0 ? [last] : []), ...madeBefore(piece, before)];
}

function numbersIn(mask: string): number[] {
  return [...mask.matchAll(STEPS)].flatMap((match) => {
    const list = match[1] ?? '';
    const numbers = (list.match(/\d+/g) ?? []).map(Number);
    const [from, to] = numbers;
    if (from === undefined || to === undefined || !/[-–]|to/.test(list)) return numbers;
    return Array.from({ length: Math.max(0, Math.min(to, from + 50) - from + 1) }, (_, index) => from + index);
  });
}

/** Earlier pieces that make "a report" which this piece calls "the report". */
function madeBefore(piece: Piece, before: readonly Piece[]): number[] {
  const used = new Set(
    [...piece.masked.matchAll(/\b(?:the|this|that|its)\s+(?:[\p{L}-]+\s+)?([\p{L}-]+)/giu)].flatMap((match) => nouns(match[0])),
  );
  return [...before.keys()].filter((at) => {
    const made = before[at]?.masked.matchAll(/\b(?:an?|new)\s+((?:[\p{L}-]+\s+){0,2}[\p{L}-]+)/giu) ?? [];
    return [...made].some((match) => nouns(match[1] ?? '').some((noun) => used.has(noun)));
  });
}

const nouns = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => word.length > 3 && !/^(?:this|that|with|from|into|about|which|using)$/.test(word))
    .map(stem);
