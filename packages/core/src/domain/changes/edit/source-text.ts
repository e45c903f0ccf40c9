/** A file's text with line ends made alike, and the way back: which bytes of it an edit replaces. */
export interface SourceText {
  /** Without byte order mark, every line ending in `\n`. */
  readonly text: string;
  readonly original: string;
  /** Offsets in `text` of the line ends that are `\r\n` in the original. */
  readonly returns: readonly number[];
}

const BOM = '\uFEFF';

export function sourceText(original: string): SourceText {
  const returns: number[] = [];
  const text = original.slice(markOf(original).length).replace(/\r\n/g, (_end, at: number) => {
    returns.push(at - returns.length);
    return '\n';
  });
  return { text, original, returns };
}

/** A piece of the text, and what comes in its place. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** The original with pieces replaced that do not overlap; every byte beside them, the mark at the start and the final newline stay. */
export function replaced(source: SourceText, pieces: readonly Piece[]): string {
  const { original, text } = source;
  const inOrder = [...pieces].sort((a, b) => a.from - b.from);
  let done = 0;
  let made = '';
  for (const { from, to, by } of inOrder) {
    made += original.slice(done, place(source, from)) + by.replaceAll('\n', lineEnd(source, from, to));
    done = place(source, to);
  }
  return withEndOf(source, made + original.slice(done), text.endsWith('\n'));
}

/** What a model writes, without the marks that the file has of its own. */
export const plainText = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

const markOf = (original: string): string => (original.startsWith(BOM) ? BOM : '');

/** Where an offset of the text stands in the original. */
function place({ original, returns }: SourceText, offset: number): number {
  let low = 0;
  let high = returns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((returns[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return offset + low + markOf(original).length;
}

/** As the replaced lines ended, else as most lines of the file do. */
function lineEnd({ text, returns }: SourceText, from: number, to: number): string {
  const within = text.slice(from, to);
  if (within.includes('\n')) return returns.includes(from + within.indexOf('\n')) ? '\r\n' : '\n';
  const ends = text.split('\n').length - 1;
  return returns.length * 2 > ends ? '\r\n' : '\n';
}

function withEndOf(source: SourceText, made: string, ended: boolean): string {
  if (source.text === '' || made === '' || ended === made.endsWith('\n')) return made;
  return ended ? made + lineEnd(source, 0, 0) : made.replace(/\r?\n$/, '');
}
