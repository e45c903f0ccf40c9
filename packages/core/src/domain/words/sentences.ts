import { masked, type Span } from './mask.ts';

/** A sentence or a line of a text, with its masked twin of the same length. */
export interface Sentence extends Span {
  readonly text: string;
  readonly masked: string;
}

const BULLET = /^[ \t]*(?:(?:[-*•–]|\d{1,3}[.)]|[a-z]\))[ \t]+|step[ \t]+\d{1,3}[ \t]*[:.)–-][ \t]+)/i;

/**
 * A text cut into sentences: at `.`, `!` and `?` before a blank, and at line ends. Dots in file names, versions, URLs and
 * abbreviations and whatever stands in quotation marks or code end nothing. Bullets and numbers of a list are left off.
 */
export function sentencesOf(text: string): Sentence[] {
  const mask = masked(text);
  const found: Sentence[] = [];
  for (const line of lineSpans(mask)) {
    const bullet = BULLET.exec(mask.slice(line.start, line.end))?.[0].length ?? 0;
    let start = line.start + bullet;
    const body = mask.slice(start, line.end);
    const offset = start;
    for (const end of body.matchAll(/[.!?…]+[)\]"'”’]*(?=\s|$)/g)) {
      const stop = offset + end.index + end[0].length;
      push(found, text, mask, start, stop);
      start = stop;
    }
    push(found, text, mask, start, line.end);
  }
  return found;
}

function lineSpans(mask: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const line of mask.split('\n')) {
    spans.push({ start, end: start + line.length });
    start += line.length + 1;
  }
  return spans;
}

function push(found: Sentence[], text: string, mask: string, from: number, to: number): void {
  const raw = text.slice(from, to);
  const start = from + (raw.length - raw.trimStart().length);
  const end = start + raw.trim().length;
  if (/[\p{L}\p{N}]/u.test(text.slice(start, end))) {
    found.push({ start, end, text: text.slice(start, end), masked: mask.slice(start, end) });
  }
}
