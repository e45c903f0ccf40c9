import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Place, placeAt } from './place.ts';

/** JSON as `JSON.parse` takes it. */
export const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** A JSON value, or where and why a text is none, in words a person can act on. */
export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | ({ readonly ok: false; readonly message: string } & Place);

export function readJson(text: string): JsonReading {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, ...syntaxError(text, error) };
  }
}

function syntaxError(text: string, thrown: unknown): Place & { readonly message: string } {
  if (text.trim() === '') return { ...placeAt(text, 0), message: 'the file is empty' };
  const errors: ParseError[] = [];
  parseTree(text, errors, STRICT);
  const [first] = errors;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const offset = first?.offset ?? Number(/position (\d+)/.exec(said)?.[1] ?? 0);
  return { ...placeAt(text, offset), message: first ? words(printParseErrorCode(first.error)) : said };
}

/** `CommaExpected` → `comma expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
