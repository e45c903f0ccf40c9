/** One path of a tree. `bytes` is not read from trees. */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
}

/** An ordinary file. */
export const isFileMode = (mode: string): mode is '100644' | '100755' => mode === '100644' || mode === '100755';
export const LINK_MODE = '120000';

/**
 * A path as text. Bytes that are no UTF-8 get a text that begins with NUL, which no path rule lets through: such a path is
 * known, compared and kept, and never written.
 */
export function pathText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') && !Buffer.from(text).equals(bytes) ? `\0${bytes.toString('latin1')}` : text;
}

/** The answer of `git ls-tree -r -z`. */
export function parseTree(output: Buffer): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const record of records(output)) {
    const tab = record.indexOf(9);
    const [mode = '', , oid = ''] = record.toString('latin1', 0, tab).split(' ');
    entries.set(pathText(record.subarray(tab + 1)), { mode, oid });
  }
  return entries;
}

/** NUL-ended records, without their NUL. */
export function* records(output: Buffer): Generator<Buffer> {
  let from = 0;
  for (let at = output.indexOf(0); at >= 0; at = output.indexOf(0, from)) {
    yield output.subarray(from, at);
    from = at + 1;
  }
}
