import { Lexer, type Token, type TokensList } from 'marked';

/** A text is drawn up to these; beyond any of them it is shown as it stands. */
const MOST_CHARS = 100_000;
const MOST_DEPTH = 16;
const MOST_TOKENS = 8_000;
/** Characters looked at, those of nested parts once for each level. */
const MOST_READ = 500_000;
/** At the top most lines belong to a paragraph, which is read at once. */
const BLOCKS_TO_LINES = 6;
/** A line that opens more lists and quotes than may stand in each other, and is no rule. */
const DEEP_LINE = /^(?![ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)$)(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){17}/m;
/** What the lexer may look at more than once, in characters. */
const MOST_SPENT = 8_000_000;
/** What may be a mail address is looked at from each of its letters, an address from each of its signs; those may hold any. */
const LONG_WORD = /[!-~]{64,}/g;
const LONG_ADDRESS = /\S{64,}/g;
const ADDRESS = /:\/\/|www\.|@/i;
const MARKS = /[*_~`[\]<>!@\\&:(]/g;

class TooMuch extends Error {}

/** The tokens of a text in markdown; undefined when it is too long, too deep or too tangled to be laid out in a moment. */
export function lexed(text: string): readonly Token[] | undefined {
  if (text.length > MOST_CHARS || DEEP_LINE.test(text)) return undefined;
  try {
    return new BoundedLexer().lex(text.replaceAll(/^[ \t]+$/gm, ''));
  } catch {
    return undefined; // whatever the lexer stumbled over, a person can still read the text itself
  }
}

/** Looks at each part before the lexer does: what it costs grows with depth, marks and length in known ways. No clock decides. */
class BoundedLexer extends Lexer {
  #depth = 0;
  #tokens = 0;
  #read = 0;
  #spent = 0;

  override blockTokens(src: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] | TokensList = [], clipped?: boolean): Token[] | TokensList {
    this.#spend(this.state.top ? costOfLines(src) / BLOCKS_TO_LINES : costOfLines(src));
    return this.#within(src, () => super.blockTokens(src, tokens, clipped));
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    this.#spend(costOf(src));
    return this.#within(src, () => super.inlineTokens(src, tokens));
  }

  #spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > MOST_SPENT) throw new TooMuch();
  }

  #within<T extends readonly Token[]>(src: string, lex: () => T): T {
    this.#depth += 1;
    this.#read += src.length;
    if (this.#depth > MOST_DEPTH || this.#read > MOST_READ) throw new TooMuch();
    const made = lex();
    this.#depth -= 1;
    for (const token of made) this.#tokens += weightOf(token);
    if (this.#tokens > MOST_TOKENS) throw new TooMuch();
    return made;
  }
}

/** What it takes to draw: items and cells come with their list or table, and a block of code is a box that scrolls. */
function weightOf(token: Token): number {
  if (token.type === 'list') return 1 + token['items'].length;
  if (token.type === 'table') return 1 + token['rows'].length * token['header'].length;
  return token.type === 'code' ? 6 : 1;
}

/** Blocks are read one by one, within an item lines, each with what follows it up to an empty line. */
function costOfLines(src: string): number {
  const runs = src.split(/\n[ \t]*\n/);
  return runs.reduce((sum, run) => sum + run.length * (run.split('\n').length - 1), 0);
}

/** Inline marks: for each the lexer looks back over all, and along each unbroken word for each of its letters. */
function costOf(src: string): number {
  const marks = src.match(MARKS)?.length ?? 0;
  const words = src.length < 64 ? [] : (src.match(ADDRESS.test(src) ? LONG_ADDRESS : LONG_WORD) ?? []);
  return marks * src.length + words.reduce((sum, { length }) => sum + length * length, 0);
}
