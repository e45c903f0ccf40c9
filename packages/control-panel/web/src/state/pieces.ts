/** A part of a line of code: as it stands, or a character drawn as a mark because nobody would see it, or would take it for another. */
export interface Piece {
  readonly text: string;
  /** What the mark says of it. */
  readonly mark?: string;
}

/**
 * Everything that takes no place, turns the direction of reading, or looks like an ordinary blank and is none; and of marks
 * piled on one letter those that would paint over what stands around. Tabs stay.
 */
const UNSEEN = String.raw`(?![\t ])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{DI}\u2800]|(?<=\p{M}{4})\p{M})`;
const PARTS = new RegExp(`(?<unseen>${UNSEEN})|(?:(?!${UNSEEN})[\\p{L}\\p{M}\\p{N}_$])+`, 'gu');
/** A word of two alphabets, one of which is ours: its other letters pass for ours. */
const LATIN = /\p{Script=Latin}/u;
const OTHER = /(?!\p{Script=Latin})\p{L}/u;
const PASSES = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u;

const NAMES: Readonly<Record<string, string>> = {
  '\r': '␍',
  '\u00a0': 'NBSP',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
};

/** A line cut into what is drawn as it stands and what is drawn as a mark. Together the pieces are the line. */
export function piecesOf(line: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const put = (at: number, text: string, mark: string) => {
    if (at > from) pieces.push({ text: line.slice(from, at) });
    pieces.push({ text, mark });
    from = at + text.length;
  };
  for (const { 0: part, index, groups } of line.matchAll(PARTS)) {
    if (groups?.['unseen'] !== undefined) put(index, part, NAMES[part] ?? codeOf(part));
    else if (OTHER.test(part) && LATIN.test(part)) markForeign(part, index, put);
  }
  if (from < line.length || pieces.length === 0) pieces.push({ text: line.slice(from) });
  return pieces;
}

function markForeign(word: string, at: number, put: (at: number, text: string, mark: string) => void): void {
  let place = at;
  for (const letter of word) {
    if (PASSES.test(letter)) put(place, letter, `${letter} ${codeOf(letter)}`);
    place += letter.length;
  }
}

const codeOf = (letter: string): string => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
