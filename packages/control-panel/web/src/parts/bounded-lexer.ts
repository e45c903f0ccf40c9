import { Lexer, type Token, type TokensList } from 'marked';

/** A text is drawn up to these; beyond any of them it is shown as it stands. */
const MOST_CHARS = 100_000;
const MOST_DEPTH = 16;
const MOST_TOKENS = 8_000;
/** Characters looked at, those of nested parts once for each level. */
const MOST_READ = 500_000;
/** What a run of inline marks may cost: the lexer looks back over it for each mark, and along what may be a mail address for each letter. */
const MOST_INLINE = 8_000_000;
const LONG_WORD = /[\w.!#$%&'*+/=?^`{|}~-]{64,}/g;
const MARKS = /[*_~`[\]<>!@\\&:(]/g;

class TooMuch extends Error {}

/** The tokens of a text in markdown; undefined when it is too long, too deep or too tangled to be laid out in a moment. */
export function lexed(text: string): readonly Token[] | undefined {
  if (text.length > MOST_CHARS) return undefined;
  try {
    return new BoundedLexer().lex(text);
  } catch {
    return undefined; // whatever the lexer stumbled over, a person can still read the text itself
  }
}

/** Looks at each part before the lexer does: what it costs grows with depth, marks and length in known ways. No clock decides. */
class BoundedLexer extends Lexer {
  #depth = 0;
  #tokens = 0;
  #read = 0;
  #inline = 0;

  override blockTokens(src: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] | TokensList = [], clipped?: boolean): Token[] | TokensList {
    return this.#within(src, () => super.blockTokens(src, tokens, clipped));
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    this.#inline += costOf(src);
    if (this.#inline > MOST_INLINE) throw new TooMuch();
    return this.#within(src, () => super.inlineTokens(src, tokens));
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

function costOf(src: string): number {
  const marks = src.match(MARKS)?.length ?? 0;
  const words = src.length < 64 ? [] : (src.match(LONG_WORD) ?? []);
  return marks * src.length + words.reduce((sum, { length }) => sum + length * length, 0);
}
