import { readFileSync } from 'node:fs';
import { decodeFix, decodeText, type JsonReading, type Place, readJson } from '../domain/text/index.ts';
import { linkTarget } from './link-target.ts';

/** A file that people edit: there is none, its text, or why it cannot be used and what to do. */
export type FileRead<T> =
  | { readonly kind: 'absent' }
  | ({ readonly kind: 'read' } & T)
  | ({ readonly kind: 'refused'; readonly message: string; readonly fix: string } & Partial<Place>);

/** Its text, without a byte order mark; refused when it is not in UTF-8 or cannot be read. */
export function readTextFile(file: string): FileRead<{ readonly text: string }> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'refused', message: `cannot be read (${code})`, fix: 'Make it a readable file or remove it' };
  }
  const decoded = decodeText(bytes);
  if (decoded.ok) return { kind: 'read', text: decoded.text };
  const { ok: _no, encoding, ...where } = decoded;
  return { kind: 'refused', ...where, fix: decodeFix({ ...(encoding ? { encoding } : {}) }, linkTarget(file)) };
}

/** Its JSON value, with the text for whoever looks for lines in it. */
export function readJsonFile(file: string): FileRead<{ readonly value: unknown; readonly text: string }> {
  const read = readTextFile(file);
  if (read.kind !== 'read') return read;
  const json = readJson(read.text);
  if (json.ok) return { ...read, value: json.value };
  return { kind: 'refused', ...syntax(json), fix: 'Correct the JSON there' };
}

function syntax({ line, column, message }: Extract<JsonReading, { ok: false }>) {
  return { line, column, message: `does not parse: line ${line}, column ${column}: ${message}` };
}
