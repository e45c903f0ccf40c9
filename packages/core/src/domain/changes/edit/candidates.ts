import type { Piece } from './source-text.ts';

/** A place where an edit could be meant, and what would stand there. */
export type Candidate = Piece;

/** Every place where a text stands exactly as it was asked for, overlapping ones too. No letter is split from its marks. */
export function exactly(text: string, old: string, by: string): Candidate[] {
  const found: Candidate[] = [];
  for (let from = text.indexOf(old); from >= 0; from = text.indexOf(old, from + 1)) {
    const to = from + old.length;
    if (!splits(text, from) && !splits(text, to)) found.push({ from, to, by: alignedWith(text, from, old, by) });
  }
  return found;
}

/** Every place whose lines are equal but for blanks at their ends and one shift of indentation, the same for all. */
export function nearly(text: string, old: string, by: string): Candidate[] {
  const wanted = linesOf(old);
  if (wanted.every((line) => line.trim() === '')) return [];
  const lines = text.split('\n');
  const offsets = offsetsOf(lines);
  const found: Candidate[] = [];
  for (let at = 0; at + wanted.length <= lines.length; at++) {
    const shift = shiftOf(wanted, lines, at);
    const moved = shift && shifted(by, shift);
    if (moved === undefined) continue;
    const end = at + wanted.length;
    const last = (offsets[end - 1] ?? 0) + (lines[end - 1]?.length ?? 0);
    const to = old.endsWith('\n') && end < lines.length ? last + 1 : last;
    found.push({ from: offsets[at] ?? 0, to, by: moved });
  }
  return found;
}

/** The lines of a wanted text; one that ends its last line has no line after it. */
export const linesOf = (text: string): string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');

/** A single line found within a deeper indentation: what is put there in several lines is as deep. */
function alignedWith(text: string, from: number, old: string, by: string): string {
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  if (before === '' || before.trim() !== '' || !/^[ \t]/.test(old) || linesOf(old).length > 1) return by;
  return by.replace(/\n(?=[^\n])/g, `\n${before}`);
}

interface Shift {
  readonly add: string;
  readonly remove: string;
}

function shiftOf(wanted: readonly string[], lines: readonly string[], at: number): Shift | undefined {
  let shift: Shift | undefined;
  for (const [index, line] of wanted.entries()) {
    const there = (lines[at + index] ?? '').trimEnd();
    const own = line.trimEnd();
    if (own === '' || there === '') {
      if (own !== there) return undefined;
      continue;
    }
    const here = between(own, there);
    if (!here || (shift && (shift.add !== here.add || shift.remove !== here.remove))) return undefined;
    shift = here;
  }
  return shift;
}

/** What stands before a line more, or less, than was asked for: blanks alone. */
function between(own: string, there: string): Shift | undefined {
  if (own === there) return { add: '', remove: '' };
  const [longer, shorter] = own.length < there.length ? [there, own] : [own, there];
  const blanks = longer.slice(0, longer.length - shorter.length);
  if (blanks === '' || blanks.trim() !== '' || !longer.endsWith(shorter)) return undefined;
  return longer === there ? { add: blanks, remove: '' } : { add: '', remove: blanks };
}

/** Undefined when a line of the new text has no such blanks to leave out. */
function shifted(by: string, { add, remove }: Shift): string | undefined {
  const lines = by.split('\n');
  if (remove !== '' && !lines.every((line) => line.trim() === '' || line.startsWith(remove))) return undefined;
  return lines.map((line) => (line.trim() === '' ? line.slice(remove.length) : add + line.slice(remove.length))).join('\n');
}

function offsetsOf(lines: readonly string[]): number[] {
  let offset = 0;
  return lines.map((line) => {
    const here = offset;
    offset += line.length + 1;
    return here;
  });
}

/** Between a letter and the marks that belong to it, or within a character of two halves. */
function splits(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const half = /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '');
  return half || /^[\p{M}\u200D]/u.test(text.slice(at, at + 2)) || text[at - 1] === '\u200D';
}
