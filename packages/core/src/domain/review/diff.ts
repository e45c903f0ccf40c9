import type { Witness } from '../../contract/outcome.ts';

/** A file as it stood before an attempt, or as it stands. `text` is at most its first part; absent for what is no text. */
export interface FileContent {
  readonly sha256: string;
  readonly text?: string | undefined;
}

const SHOWN_LINES = 12;
const SHOWN_CHARS = 160;

/**
 * What an attempt changed in a declared file. One that is byte for byte what was there before the task began rejects:
 * nobody did anything to it. `original` is the file before the first attempt, `before` the one before this attempt.
 */
export function diffWitness(
  path: string,
  files: { readonly original: FileContent | undefined; readonly before: FileContent | undefined; readonly after: FileContent },
): Witness {
  const { original, before, after } = files;
  const base = { kind: 'diff', rule: 'diff.changed', decisive: false, path, sha256: after.sha256 } as const;
  if (original?.sha256 === after.sha256)
    return { ...base, passed: false, detail: `${path} is byte for byte what was there before the task began` };
  if (!before) return { ...base, passed: true, detail: `${path} is new${linesOf(after)}`, ...excerpt('', after.text) };
  if (before.sha256 === after.sha256)
    return { ...base, passed: true, detail: `${path} is as an earlier attempt of this task left it` };
  if (before.text === undefined || after.text === undefined)
    return { ...base, passed: true, detail: `${path} has other content` };
  const { added, removed } = changedLines(before.text, after.text);
  const detail = `${path}: ${added.length} lines added, ${removed.length} removed`;
  return { ...base, passed: true, detail, ...excerpt(before.text, after.text) };
}

const linesOf = ({ text }: FileContent): string => (text === undefined ? '' : `, ${splitLines(text).length} lines`);

/** Lines that only one of two texts has, each as often as it is missing in the other. Moving a line changes nothing. */
export function changedLines(before: string, after: string): { readonly added: string[]; readonly removed: string[] } {
  return { added: without(splitLines(after), splitLines(before)), removed: without(splitLines(before), splitLines(after)) };
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

const splitLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function excerpt(before: string, after: string | undefined): Pick<Witness, 'diff'> {
  if (after === undefined) return {};
  const { added, removed } = changedLines(before, after);
  const marked = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  const shown = marked.slice(0, SHOWN_LINES).map((line) => (line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line));
  const more = marked.length - shown.length;
  return shown.length === 0 ? {} : { diff: [...shown, ...(more > 0 ? [`… ${more} more`] : [])].join('\n') };
}
