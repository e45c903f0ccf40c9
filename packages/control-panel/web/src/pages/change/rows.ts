import type { FileDiff, Hunk } from '../../../../src/protocol/changes.ts';

type Sign = Hunk['lines'][number]['sign'];
/** A line with its number on its side; `more` where it goes on from the row above. */
export interface Side {
  readonly sign: Sign;
  readonly text: string;
  readonly number: number;
  readonly more: boolean;
}
export type Row =
  | { readonly kind: 'gap'; readonly hidden: number }
  | { readonly kind: 'line'; readonly line: Side; readonly other: number | undefined }
  | { readonly kind: 'pair'; readonly left: Side | undefined; readonly right: Side | undefined };

/** What one row holds; a longer line goes on in the next, so that all of it can be read. */
const MOST_CHARS = 800;

interface Numbered {
  readonly sign: Sign;
  readonly text: string;
  readonly before: number;
  readonly after: number;
}

/** The rows of a file's difference, one column or two. */
export function rowsOf({ hunks = [] }: Pick<FileDiff, 'hunks'>, form: 'unified' | 'split'): readonly Row[] {
  const rows: Row[] = [];
  let next = 1;
  for (const hunk of hunks) {
    const first = Math.max(1, hunk.before);
    if (first > next) rows.push({ kind: 'gap', hidden: first - next });
    const lines = numbered(hunk);
    rows.push(...(form === 'unified' ? lines.flatMap(unified) : split(lines)));
    next = first + hunk.lines.filter(({ sign }) => sign !== '+').length;
  }
  return rows;
}

function numbered({ before, after, lines }: Hunk): readonly Numbered[] {
  let [left, right] = [before, after];
  return lines.map(({ sign, text }) => {
    const line = { sign, text, before: left, after: right };
    if (sign !== '+') left += 1;
    if (sign !== '-') right += 1;
    return line;
  });
}

const unified = (line: Numbered): readonly Row[] => {
  const other = line.sign === ' ' ? line.before : undefined;
  return parts(line, line.sign === '-' ? line.before : line.after).map((part) => ({ kind: 'line', line: part, other }));
};

/** What went stands beside what came in its place. */
function split(lines: readonly Numbered[]): readonly Row[] {
  const rows: Row[] = [];
  let [gone, come]: [Side[], Side[]] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(gone.length, come.length); at += 1)
      rows.push({ kind: 'pair', left: gone[at], right: come[at] });
    [gone, come] = [[], []];
  };
  for (const line of lines) {
    if (line.sign === '-' && come.length > 0) flush();
    if (line.sign === ' ') flush();
    if (line.sign !== '+') gone.push(...parts(line, line.before));
    if (line.sign !== '-') come.push(...parts(line, line.after));
    if (line.sign === ' ') flush();
  }
  flush();
  return rows;
}

function parts({ sign, text }: Numbered, number: number): Side[] {
  const found: Side[] = [];
  let rest = text;
  do {
    const end = endOf(rest);
    found.push({ sign, text: rest.slice(0, end), number, more: found.length > 0 });
    rest = rest.slice(end);
  } while (rest !== '');
  return found;
}

/** Never between the halves of one character. */
function endOf(text: string): number {
  const half = /[\ud800-\udbff]/.test(text[MOST_CHARS - 1] ?? '') && text.length > MOST_CHARS;
  return half ? MOST_CHARS - 1 : MOST_CHARS;
}
