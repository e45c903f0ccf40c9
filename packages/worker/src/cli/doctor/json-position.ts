/** Where a text stops being JSON, counted from 1. */
export function positionOf(text: string, error: unknown): { line: number; column: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: message.replace(/ \(line .*\)$/, '') };
}

/** The line on which the n-th entry of the array `tasks` begins, in a text that is JSON. */
export function lineOfEntry(text: string, index: number): number | undefined {
  let depth = 0;
  let seen = -1;
  let at = text.search(/"tasks"\s*:\s*\[/);
  if (at < 0) return undefined;
  for (at = text.indexOf('[', at); at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth === 2) seen += 1;
      if (depth === 2 && seen === index) return text.slice(0, at).split('\n').length;
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return undefined;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
