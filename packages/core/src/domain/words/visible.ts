/**
 * What a text may hold that acts on a screen instead of standing on it: the controls of C0, DEL and C1 (with them every
 * escape sequence), separators of lines and paragraphs, halves of characters, what turns the direction of reading, and
 * format characters that nobody sees. Line feed and tab stay, and so do the joiners and the soft hyphen that words and
 * pictures are written with.
 */
const ACTS = /(?![\n\t\u00ad\u200c\u200d])(?:[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_C}\ufff9-\ufffb]|(?=\p{Cf})\p{DI})/gu;
const DELETE = 0x7f;
const PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';

/**
 * Text of others for a terminal: what would act is shown as a sign instead, `␛` for the controls that have one and
 * `<U+202E>` for the rest. A text that was made visible stays as it is.
 */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(ACTS, signOf);
}

/** JSON on one line that a terminal can show as well: what would act stands as `\uXXXX`, so a parser reads the same value. */
export function inertJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}

/** The same for JSON that is text already. */
export function escapedJson(json: string): string {
  return json.replaceAll(ACTS, escapeOf);
}

function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(PICTURES + code);
  return code === DELETE ? PICTURE_OF_DELETE : `<U+${hex(code)}>`;
}

/** One escape for each half of the character, as JSON has it. */
function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at)).toLowerCase()}`).join('');
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
