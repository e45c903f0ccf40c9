import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { STRICT } from '../text/json.ts';

/** Finds lines in a JSON text; the text is only taken apart when the first line is asked for. */
export interface Locator {
  /** Line of the deepest part of the path that stands in the text, from 1. */
  lineOf(path: readonly (string | number)[]): number;
}

export function locator(text: string): Locator {
  let tree: Node | undefined;
  let lines: Lines | undefined;
  return {
    lineOf(path) {
      tree ??= parseTree(text, [], STRICT);
      lines ??= new Lines(text);
      return lines.at(tree ? offsetOf(tree, path) : 0);
    },
  };
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
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(index + end.length);
  }

  at(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
