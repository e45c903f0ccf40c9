/** Letters of other scripts that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  һ: 'h',
  ӏ: 'l',
  ԛ: 'q',
  ԝ: 'w',
  м: 'm',
  т: 't',
  к: 'k',
  в: 'b',
  н: 'h',
  α: 'a',
  ε: 'e',
  ο: 'o',
  ρ: 'p',
  ν: 'v',
  ι: 'i',
  κ: 'k',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ı: 'i',
  ɡ: 'g',
  ⅼ: 'l',
};
const LOOKALIKE = new RegExp(`[${Object.keys(LOOKALIKES).join('')}]`, 'g');
/** Characters that show nothing: zero-width, directional, soft hyphen, tags, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;

const PARAGRAPH = '\u0001';

/** A text in the forms that rules are written for, so that spelling tricks change nothing. */
export interface Forms {
  /** Lower case, look-alike letters made Latin, nothing invisible, every run of blanks one blank. */
  readonly raw: string;
  /** `raw` without accents, quotes and emphasis, dashes and underscores as blanks; a new paragraph or list item is a newline. */
  readonly words: string;
}

export function formsOf(text: string): Forms {
  const plain = text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toLowerCase()
    .replace(LOOKALIKE, (char) => LOOKALIKES[char] ?? char);
  const raw = plain.replace(/\s+/g, ' ').trim();
  const words = plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\n[^\S\n]*(?=\n|[-*#>+]|\d{1,3}[.)])/g, PARAGRAPH)
    .replace(/["'`*“”‘’«»]/g, '')
    .replace(/[-_‐-―]/g, ' ')
    .replace(/\s+/g, ' ')
    .split(PARAGRAPH)
    .map((paragraph) => paragraph.trim())
    .join('\n')
    .trim();
  return { raw, words };
}
