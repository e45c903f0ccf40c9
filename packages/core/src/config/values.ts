/** A value read from text, or what would have been right. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly expected: string };

/** Reads one setting from its text; the text is trimmed and never empty. */
export type ValueParser<T> = (text: string) => Parsed<T>;

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });

/** A whole number in decimal digits between two bounds. */
export function wholeNumber(min: number, max: number, note = ''): ValueParser<number> {
  const expected = `a whole number from ${min} to ${max}${note}`;
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? good(value) : { ok: false, expected };
  };
}

/** A finite decimal number; hexadecimal, `NaN` and `Infinity` are not numbers here. */
export function decimal(expected: string, fits: (value: number) => boolean): ValueParser<number> {
  return (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) && fits(value) ? good(value) : { ok: false, expected };
  };
}

/** One of a fixed set of words, in any letter case. */
export function oneOf<const T extends string>(...words: readonly T[]): ValueParser<T> {
  return (text) => {
    const found = words.find((word) => word === text.toLowerCase());
    return found === undefined ? { ok: false, expected: `one of ${words.join(', ')}` } : good(found);
  };
}

const SWITCH = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
]);

/** On or off. */
export const onOff: ValueParser<boolean> = (text) => {
  const value = SWITCH.get(text.toLowerCase());
  return value === undefined ? { ok: false, expected: '1 or 0 (true, yes, on / false, no, off)' } : good(value);
};

/** An absolute http or https address; where it points is not judged. */
export const httpUrl: ValueParser<string> = (text) => {
  const expected = 'an address that starts with http:// or https://';
  if (!URL.canParse(text)) return { ok: false, expected };
  const { protocol } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? good(text) : { ok: false, expected };
};

/** A key or token: printable characters without spaces, so that it fits into a header. */
export function secret(minLength: number): ValueParser<string> {
  const expected = `${minLength > 1 ? `at least ${minLength} ` : ''}printable characters without spaces`;
  return (text) => (text.length >= minLength && /^[\x21-\x7e]+$/.test(text) ? good(text) : { ok: false, expected });
}

/** A model's id as providers write it, e.g. `openai/gpt-oss-20b` or `llama3.1:8b`. */
export const modelId: ValueParser<string> = (text) =>
  /^[\w.:/@+-]{1,200}$/.test(text) ? good(text) : { ok: false, expected: 'a model id, e.g. openai/gpt-oss-20b' };

/** Longest name and longest path that Linux and macOS take, in bytes. */
const MOST_NAME_BYTES = 255;
const MOST_PATH_BYTES = 1_000;

/** Ports, separated by commas or blanks. */
export const portList: ValueParser<readonly number[]> = (text) => {
  const ports = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => wholeNumber(1, 65_535)(word));
  const values = ports.flatMap((read) => (read.ok ? [read.value] : []));
  return values.length === ports.length ? good(values) : { ok: false, expected: 'ports from 1 to 65535, separated by commas' };
};

/** A path of the file system; made absolute where it is used. */
export const path: ValueParser<string> = (text) => {
  const fits = Buffer.byteLength(text) <= MOST_PATH_BYTES && !text.includes('\0');
  const isPath = fits && text.split('/').every((name) => Buffer.byteLength(name) <= MOST_NAME_BYTES);
  if (/^(?:~(?:\/|$)|\$\{?\w)/.test(text))
    return { ok: false, expected: 'a path written out (~ and $NAME are not replaced here)' };
  return isPath ? good(text) : { ok: false, expected: 'a path of a file or folder' };
};

/** `auto` or a whole number. */
export const autoOrWhole: ValueParser<number | 'auto'> = (text) => {
  if (text.toLowerCase() === 'auto') return good('auto');
  const read = wholeNumber(0, 1_000_000)(text);
  return read.ok ? read : { ok: false, expected: 'auto or a whole number from 0' };
};
