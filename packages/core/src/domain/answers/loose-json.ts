/** JSON as models write it: other quotes, trailing commas, comments, bare words, raw line breaks in a text. */

export interface Loose {
  readonly value: unknown;
  /** Where it ends in the text. */
  readonly end: number;
  /** The words of its comments, a line each. */
  readonly notes: string;
}

const MAX_DEPTH = 32;
const BARE_CHARS = 200;
/** What opens a text, and what closes it. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”“"',
  '„': '“”"',
  '‘': '’',
  '«': '»',
  '”': '”',
};
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null, none: null, nil: null, undefined: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** The value that begins here, or undefined: it is broken, cut off, or says two things under one name. */
export function looseJson(text: string, from: number): Loose | undefined {
  const reader = new Reader(text, from);
  const value = reader.value(0);
  return reader.broken ? undefined : { value, end: reader.at, notes: reader.notes };
}

/** One name whatever its case and its dashes: `dependsOn`, `depends-on` and `Depends_On` are `dependson`. */
export const bareName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Reads on while nothing is broken; once something is, every step is over at once. */
class Reader {
  readonly #text: string;
  at: number;
  broken = false;
  notes = '';

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) return this.#break();
    this.#blank();
    const char = this.#text[this.at] ?? '';
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    return QUOTES[char] === undefined ? wordOf(this.#bare(/[^,}\]{[\r\n]*/y)) : this.#quoted();
  }

  #object(depth: number): unknown {
    const entries = new Map<string, [string, unknown]>();
    for (this.at++; !this.#ends('}'); this.#comma('}')) {
      const begin = this.at;
      const key = QUOTES[this.#text[begin] ?? ''] === undefined ? this.#bare(/[\p{L}\p{N}_$. -]*/uy) : this.#quoted();
      // A name in escapes hides what it says.
      if (this.#text.slice(begin, this.at).includes('\\')) return this.#break();
      this.#blank();
      if (!/[:=]/.test(this.#text[this.at] ?? '')) return this.#break();
      this.at++;
      const value = this.value(depth + 1);
      const known = entries.get(bareName(key));
      if (known && JSON.stringify(known[1]) !== JSON.stringify(value)) return this.#break();
      entries.set(bareName(key), [key, value]);
    }
    return Object.fromEntries(entries.values());
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    for (this.at++; !this.#ends(']'); this.#comma(']')) items.push(this.value(depth + 1));
    return items;
  }

  /** Whether the list is over, or broken. */
  #ends(close: string): boolean {
    this.#blank();
    if (this.broken || this.at >= this.#text.length) this.#break();
    else if (this.#text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  #comma(close: string): void {
    this.#blank();
    if (this.#text[this.at] === ',') this.at++;
    else if (this.#text[this.at] !== close) this.#break();
  }

  #quoted(): string {
    const open = this.#text[this.at] ?? '';
    const closing = QUOTES[open] ?? '';
    let said = '';
    for (this.at++; this.at < this.#text.length; this.at++) {
      const char = this.#text[this.at] ?? '';
      if (char === '\\') said += this.#escaped();
      else if (!closing.includes(char) || (open === "'" && !this.#isLastQuote())) said += char;
      else {
        this.at++;
        return said;
      }
    }
    this.#break();
    return said;
  }

  /** Between single quotes an apostrophe is no end. */
  #isLastQuote(): boolean {
    return /^\s*(?:[,:}\]]|$)/.test(this.#text.slice(this.at + 1, this.at + 20));
  }

  #escaped(): string {
    this.at++;
    const char = this.#text[this.at] ?? '';
    const code = char === 'u' ? /^[\da-f]{4}/i.exec(this.#text.slice(this.at + 1, this.at + 5))?.[0] : undefined;
    if (code === undefined) return ESCAPES[char] ?? char;
    this.at += 4;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  #bare(form: RegExp): string {
    form.lastIndex = this.at;
    const word = (form.exec(this.#text)?.[0] ?? '').replace(/\s*(?:\/\/|\/\*|#).*$/, '');
    if (word.trim() === '' || word.length > BARE_CHARS) this.#break();
    this.at += word.length;
    return word.trim();
  }

  /** White space and comments. */
  #blank(): void {
    const blank = /(?:[\s\p{Cf}]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|#[^\r\n]*)*/uy;
    blank.lastIndex = this.at;
    const skipped = blank.exec(this.#text)?.[0] ?? '';
    this.at += skipped.length;
    const note = skipped.replace(/\/\/|\/\*|\*\/|#|\p{Cf}/gu, ' ').trim();
    if (note !== '') this.notes += `${note}\n`;
  }

  #break(): undefined {
    this.broken = true;
    this.at = this.#text.length;
  }
}

function wordOf(word: string): unknown {
  const known = word.toLowerCase();
  if (Object.hasOwn(WORDS, known)) return WORDS[known];
  if (/^[-+]?(?:nan|inf(?:inity)?)$/.test(known)) return null;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(known) ? Number(known) : word;
}
