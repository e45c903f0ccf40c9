import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds lines in a JSON text; the text is only taken apart when the first line is asked for. */
export interface Locator {
  /** Line of the deepest part of the path that stands in the text, from 1. */
  lineOf(path: readonly (string | number)[]): number;
}

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

export function locator(text: string): Locator {
  let tree: Node | undefined;
  let lines: Lines | undefined;
  return {
    lineOf(path) {
      tree ??= parseTree(text, [], STRICT);
      lines ??= new Lines(text);
      return lines.at(tree ? offsetOf(tree, path) : 0).line;
    },
  };
}

/** Where and why a text is no JSON, in words a person can act on. */
export function syntaxError(text: string, thrown: unknown): Place & { readonly message: string } {
  const errors: ParseError[] = [];
  parseTree(text, errors, STRICT);
  const [first] = errors;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const offset = first?.offset ?? Number(/position (\d+)/.exec(said)?.[1] ?? 0);
  const message = first ? words(printParseErrorCode(first.error)) : said;
  return { ...new Lines(text).at(offset), message: text.trim() === '' ? 'the file is empty' : message };
}

/** `CommaExpected` → `comma expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function offsetOf(tree: Node, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    // A value may begin on a later line than its key: the key is what people look for.
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
