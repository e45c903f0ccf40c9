import { type Place, placeAt } from './place.ts';
import { looksWestern } from './western.ts';

/** The text of a file that people edit, or why its bytes are none. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | ({
      readonly ok: false;
      /** What the bytes are instead, e.g. `is in UTF-16, not in UTF-8`. */
      readonly message: string;
      /** Its name for `iconv`, or `unknown` when it is one that cannot be told; absent when the bytes are UTF-8 with a fault. */
      readonly encoding?: string;
    } & Place);

const START: Place = { line: 1, column: 1 };
/** So many bytes at most are looked at to tell UTF-16 and UTF-32 without a mark. */
const SAMPLE_BYTES = 4_096;

/**
 * Files are in UTF-8; a byte order mark is taken off. Anything else is refused with its name, where it can be told: a guess
 * would change what somebody wrote.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const wide = wideEncoding(bytes);
  if (wide !== undefined)
    return { ok: false, ...START, encoding: wide, message: `is in ${wide.replace(/[LB]E$/, '')}, not in UTF-8` };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const bad = firstBadByte(bytes, text);
  if (bad !== undefined) return notUtf8(bytes, text, bad);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const at = placeAt(text, nul);
    return { ok: false, ...at, message: `has a NUL byte, which no text has, at ${inWords(at)}` };
  }
  return { ok: true, text: text.replace(/^\uFEFF+/, '') };
}

/** What to do about a refused file. `file` is its path, as the person may type it. */
export function decodeFix({ encoding }: { readonly encoding?: string }, file: string): string {
  if (encoding === undefined) return 'Correct it in an editor and save it as UTF-8';
  if (encoding === 'unknown') return 'Save it as UTF-8 in the editor that wrote it';
  const [from, to] = [quoted(file), quoted(`${file}.utf8`)];
  return `Save it as UTF-8, e.g. with: iconv -f ${encoding} -t UTF-8 ${from} > ${to} && mv ${to} ${from}`;
}

const quoted = (path: string): string => (/^[\w./@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const inWords = ({ line, column }: Place): string => `line ${line}, column ${column}`;

function notUtf8(bytes: Uint8Array, text: string, offset: number): Decoded {
  const at = placeAt(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, offset)));
  const byte = `byte 0x${(bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0')} at ${inWords(at)}`;
  const count = (signs: RegExp) => text.match(signs)?.length ?? 0;
  // Other encodings have a few bytes in a row that would do as UTF-8 too.
  if (count(/[\u0080-\uFEFE\uFF00-\uFFFC]/g) > count(/\uFFFD/g) / 2)
    return { ok: false, ...at, message: `is damaged UTF-8: ${byte}` };
  if (!looksWestern(bytes))
    return { ok: false, ...at, encoding: 'unknown', message: `is not in UTF-8, nor in an encoding that can be told: ${byte}` };
  const message = `is not in UTF-8 but probably in Windows-1252 (Latin-1, ISO-8859-1): ${byte}`;
  return { ok: false, ...at, encoding: 'WINDOWS-1252', message };
}

/** Where bytes and what was understood of them part: what is no UTF-8 was replaced. */
function firstBadByte(bytes: Uint8Array, text: string): number | undefined {
  if (!text.includes('\uFFFD')) return undefined;
  const understood = new TextEncoder().encode(text);
  const at = bytes.findIndex((byte, index) => byte !== understood[index]);
  return at < 0 ? undefined : at;
}

/** UTF-16 or UTF-32, by the mark at the start, else by where the zeros of its Latin letters stand. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32';
  const units = Math.floor(Math.min(bytes.length, SAMPLE_BYTES) / 4);
  if (units === 0) return undefined;
  const zeros = (place: number) => {
    let count = 0;
    for (let at = place; at < units * 4; at += 4) if (bytes[at] === 0) count += 1;
    return count / units;
  };
  const [first, second, third, fourth] = [zeros(0), zeros(1), zeros(2), zeros(3)];
  if (third > 0.9 && fourth > 0.9 && first < 0.1) return 'UTF-32LE';
  if (first > 0.9 && second > 0.9 && fourth < 0.1) return 'UTF-32BE';
  const [even, odd] = [(first + third) / 2, (second + fourth) / 2];
  if (odd > 0.4 && even < 0.05) return 'UTF-16LE';
  if (even > 0.4 && odd < 0.05) return 'UTF-16BE';
  return undefined;
}
