import { looseJson } from './loose-json.ts';

/** Fields that are told line by line, `name: value`, and what is left of the words without them. */
export interface Listed {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly rest: string;
}

/** What Markdown and quotes put around a name. */
const MARKS = String.raw`[\s>*_#"'\`“„”-]*`;

/** Read `name: value` lines of these names, plain or in Markdown, with lists below or behind them. The first name begins a record. */
export function listedIn(text: string, names: readonly string[]): Listed {
  const line = new RegExp(`^${MARKS}(${names.join('|')})${MARKS}[:=][*_\\s]*(.*?)[*_\\s]*$`, 'i');
  const records: Record<string, unknown>[] = [];
  const rest: string[] = [];
  let open: string[] | undefined;
  for (const one of text.split(/\r?\n/)) {
    const found = line.exec(one);
    const bullet = /^\s*(?:[-*•]|\d+[.)])\s+(.*)$/.exec(one)?.[1];
    if (!found && bullet !== undefined && open) {
      open.push(bullet);
      continue;
    }
    if (one.trim() !== '') open = undefined;
    const name = found?.[1]?.toLowerCase();
    if (name === names[0]) records.push({});
    const record = records.at(-1);
    if (!found || name === undefined || !record) {
      rest.push(one);
      continue;
    }
    open = found[2] === '' ? [] : undefined;
    record[name] = open ?? saidIn(found[2] ?? '');
  }
  return { records, rest: rest.join('\n').trim() };
}

function saidIn(said: string): unknown {
  const text = said.trim().replace(/,$/, '');
  const read = /^["'[“„]/.test(text) ? looseJson(text, 0) : undefined;
  return read && read.end === text.length ? read.value : text;
}
