import { linesOf } from './candidates.ts';

const PLACES = 3;
const LINE_CHARS = 120;
/** Lines of the wanted text that are compared. */
const COMPARED = 12;

/** The three places of a text that are most like a wanted one, each with its first line, for a person or model that looks again. */
export function nearestPlaces(text: string, old: string): string[] {
  const wanted = linesOf(old)
    .slice(0, COMPARED)
    .map((line) => wordsOf(line));
  const lines = text.split('\n').map((line) => wordsOf(line));
  const scores = lines.map((_, at) => ({ at, score: scoreAt(wanted, lines, at) }));
  const best = scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.at - b.at);
  const raw = text.split('\n');
  return best.slice(0, PLACES).map(({ at }) => `line ${at + 1}: ${(raw[at] ?? '').trim().slice(0, LINE_CHARS)}`);
}

interface Words {
  readonly trimmed: string;
  readonly set: ReadonlySet<string>;
}

function wordsOf(line: string): Words {
  const trimmed = line.trim();
  return { trimmed, set: new Set(trimmed.match(/[\p{L}\p{N}_]+/gu) ?? []) };
}

function scoreAt(wanted: readonly Words[], lines: readonly Words[], at: number): number {
  let score = 0;
  for (const [index, line] of wanted.entries()) score += likeness(line, lines[at + index]);
  return score;
}

function likeness(one: Words, other: Words | undefined): number {
  if (!other || one.trimmed === '' || other.trimmed === '') return 0;
  if (one.trimmed === other.trimmed) return 1;
  let shared = 0;
  for (const word of one.set) if (other.set.has(word)) shared += 1;
  const all = one.set.size + other.set.size - shared;
  return all === 0 ? 0 : (0.9 * shared) / all;
}
