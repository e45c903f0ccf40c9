/** What one statement of an `.env` file says. */
export type EnvLine =
  | ({ readonly kind: 'entry'; readonly name: string; readonly line: number } & Value)
  /** Neither blank, nor a comment, nor `NAME=value`. It may hold a secret. */
  | { readonly kind: 'other'; readonly text: string; readonly line: number };

interface Value {
  readonly value: string;
  /** Why it cannot be used. */
  readonly fault?: string;
  /** Why it may not be what was meant. */
  readonly doubt?: string;
}

const ENTRY = /^(?:export[^\S\n]+)?([A-Za-z_][\w.-]*)[^\S\n]*=[^\S\n]*/;

/**
 * The lines of an `.env` file. `export`, quotes, blanks around `=` and comments are understood; a quoted value may have
 * several lines. Nothing is expanded.
 */
export function readEnvLines(text: string): EnvLine[] {
  const rest = text.replaceAll(/\r\n?/g, '\n').split('\n');
  const found: EnvLine[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const line = (rest[at] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = ENTRY.exec(line);
    if (entry?.[1] === undefined) {
      found.push({ kind: 'other', text: line, line: at + 1 });
      continue;
    }
    const { more, ...value } = valueAt([line.slice(entry[0].length), ...rest.slice(at + 1)]);
    found.push({ kind: 'entry', name: entry[1], ...value, line: at + 1 });
    at += more;
  }
  return found;
}

/** `more`: lines of the value beyond its first. */
function valueAt(lines: readonly string[]): Value & { readonly more: number } {
  const [first = ''] = lines;
  const quote = /^["'`]/.exec(first)?.[0];
  if (quote === undefined) return { ...unquoted(first), more: 0 };
  const last = lines.findIndex((line, at) => line.indexOf(quote, at === 0 ? 1 : 0) >= 0);
  if (last < 0) return { value: first, more: 0, fault: `begins with ${quote}, which is never closed` };
  const end = (lines[last] ?? '').indexOf(quote, last === 0 ? 1 : 0);
  const after = (lines[last] ?? '').slice(end + 1).trim();
  const inner = [...lines.slice(0, last), (lines[last] ?? '').slice(0, end)].join('\n').slice(1);
  const fault = after === '' || after.startsWith('#') ? {} : { fault: `has text behind its closing ${quote}` };
  return { value: inner, more: last, ...fault };
}

/** Up to a comment. `#` begins one wherever it stands; right behind other text it may be meant as part of the value. */
function unquoted(text: string): Value {
  const comment = text.indexOf('#');
  if (comment < 0) return { value: text.trim() };
  const value = text.slice(0, comment).trim();
  return /\S$/.test(text.slice(0, comment))
    ? {
        value,
        doubt:
          'has a # right behind its text; what follows is a comment. Put the value into quotes, or a blank before the comment',
      }
    : { value };
}
