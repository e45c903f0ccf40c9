/** A place in a text, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const LINE_END = /\r\n|\r|\n/;

/** The lines of a text, whichever way they end. */
export const linesOf = (text: string): string[] => text.split(LINE_END);

/** Where an offset stands in a text; its end when none is given. */
export function placeAt(text: string, offset: number = text.length): Place {
  const before = linesOf(text.slice(0, offset));
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
