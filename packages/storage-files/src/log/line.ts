import { crc32 } from 'node:zlib';

const SUM = ',"sum":"';
const SUM_DIGITS = 8;
/** Length of `,"sum":"xxxxxxxx"}`, which ends every line. */
const TRAILER_BYTES = SUM.length + SUM_DIGITS + 2;
const REC = '"rec":';
const PART = ',"part":';
const QUOTE = 34;
const BRACE = 125;
/** A writer's name and number are short; nothing longer is looked for. */
const VALUE_BYTES = 80;

/** The place of a line within its append: line `index` of `count`, from 1. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/**
 * One line of a log: the value's own keys, then `rec` (who appended it and that writer's number), `part` ("2/3", when the
 * append has several lines) and `sum` (CRC-32 of everything before it). The line stays plain JSON that any tool can read.
 */
export function encodeLine(value: object, rec: string, part: Part): string {
  const json = JSON.stringify(value);
  const open = json === '{}' ? '{' : `${json.slice(0, -1)},`;
  const body = `${open}"rec":"${rec}"${part.count > 1 ? `,"part":"${part.index}/${part.count}"` : ''}`;
  return `${body},"sum":"${crc32(body).toString(16).padStart(8, '0')}"}\n`;
}

const WHOLE: Part = { index: 1, count: 1 };

export type DecodedLine =
  | { readonly ok: true; readonly rec: Span; readonly part: Part }
  | { readonly ok: false; readonly reason: 'torn' | 'foreign' | 'checksum' };

/** Where a text stands among the bytes: most are never asked for. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Check one line, `bytes` from `start` to its newline at `end`, by its ending and its checksum. What it says is left
 * unread: under a right checksum it is JSON. A line we did not write is `foreign`, a damaged one `checksum` or `torn`.
 */
export function decodeLine(bytes: Buffer, start: number, end: number): DecodedLine {
  const cut = end - TRAILER_BYTES;
  const sum = cut > start ? sumAt(bytes, cut) : undefined;
  if (sum === undefined) return { ok: false, reason: looksWhole(bytes.subarray(start, end)) ? 'foreign' : 'torn' };
  if (crc32(bytes.subarray(start, cut)) !== sum) return { ok: false, reason: 'checksum' };
  const last = textBefore(bytes, start, cut);
  if (!last) return { ok: false, reason: 'foreign' };
  if (isAt(bytes, last.from - 1 - REC.length, REC)) return { ok: true, rec: last, part: WHOLE };
  const rec = textBefore(bytes, start, last.from - 1 - PART.length);
  const [index, count] = bytes.toString('latin1', last.from, last.to).split('/').map(Number);
  const ours = rec && isAt(bytes, rec.from - 1 - REC.length, REC) && isAt(bytes, rec.to + 1, PART) && index && count;
  return ours ? { ok: true, rec, part: { index, count } } : { ok: false, reason: 'foreign' };
}

/** The text between quotes that ends just before `end`. */
function textBefore(bytes: Buffer, start: number, end: number): Span | undefined {
  const to = end - 1;
  if (bytes[to] !== QUOTE) return undefined;
  const least = Math.max(start, to - VALUE_BYTES);
  for (let from = to; from > least; from--) if (bytes[from - 1] === QUOTE) return { from, to };
  return undefined;
}

/** The checksum that a line's ending at `at` names; undefined when it is no such ending. */
function sumAt(bytes: Buffer, at: number): number | undefined {
  const digits = at + SUM.length;
  const closed = bytes[digits + SUM_DIGITS] === QUOTE && bytes[digits + SUM_DIGITS + 1] === BRACE;
  if (!closed || !isAt(bytes, at, SUM)) return undefined;
  let sum = 0;
  for (let place = digits; place < digits + SUM_DIGITS; place++) {
    const digit = HEX[bytes[place] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return undefined;
    sum = sum * 16 + digit;
  }
  return sum;
}

const NO_DIGIT = 16;
const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return digit < 0 ? NO_DIGIT : digit;
});

function isAt(bytes: Buffer, at: number, text: string): boolean {
  for (let place = 0; place < text.length; place++) if (bytes[at + place] !== text.charCodeAt(place)) return false;
  return true;
}

function looksWhole(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
