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
