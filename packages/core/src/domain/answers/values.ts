import { looseJson } from './loose-json.ts';

/** An answer taken apart: the objects in it, and the words around them. */
export interface Parts {
  readonly values: readonly unknown[];
  /** What is left without the objects and the marks of fences, and the comments within the objects. */
  readonly around: string;
}

/** Structured answers are short; what is longer is read no further. */
const READ_CHARS = 200_000;
/** Braces that begin nothing, such as those of code. */
const MAX_MISSES = 200;

/** Find every JSON object, or list of objects, in an answer: alone, in fences, between words, or written into a JSON text. */
export function valuesIn(answer: string): Parts {
  const whole = unquoted(answer.trim());
  const text = whole.slice(0, READ_CHARS);
  const values: unknown[] = [];
  let around = '';
  let from = 0;
  let misses = 0;
  for (const begin = /\{|\[(?=\s*\{)/g; misses < MAX_MISSES; ) {
    const found = begin.exec(text);
    if (!found) break;
    const read = looseJson(text, found.index);
    if (!read) {
      misses++;
      continue;
    }
    values.push(read.value);
    around += `${text.slice(from, found.index)}\n${read.notes}`;
    from = read.end;
    begin.lastIndex = read.end;
  }
  around += whole.slice(from);
  return { values, around: around.replace(/^[ \t]*(?:```|~~~)([\w-]*)[ \t]*$/gm, '$1').trim() };
}

/** A whole answer that is one JSON text holds its answer in that text. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const inner = looseJson(text, 0);
  return inner?.end === text.length && typeof inner.value === 'string' ? inner.value : text;
}
