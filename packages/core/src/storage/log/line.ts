import { crc32 } from 'node:zlib';

/** Length of `,"sum":"xxxxxxxx"}`, which ends every line. */
const TRAILER_BYTES = 18;
const TRAILER = /^,"sum":"([0-9a-f]{8})"\}$/;

/** The place of a line within its append: line `index` of `count`, from 1. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/**
 * One line of a log: the value's own keys, then `rec` (who appended it and that writer's number), `part` ("2/3", when the
 * append has several lines) and `sum` (CRC-32 of everything before it). The line stays plain JSON that any tool can read.
 */
export function encodeLine(value: object, rec: string, part: Part): string {
  const json = JSON.stringify(value);
  const open = json === '{}' ? '{' : `${json.slice(0, -1)},`;
  const body = `${open}"rec":"${rec}"${part.count > 1 ? `,"part":"${part.index}/${part.count}"` : ''}`;
  return `${body},"sum":"${crc32(body).toString(16).padStart(8, '0')}"}\n`;
}

export type DecodedLine =
  | { readonly ok: true; readonly value: Record<string, unknown>; readonly rec: string; readonly part: Part }
  | { readonly ok: false; readonly reason: 'torn' | 'foreign' | 'checksum' };

/** Read one line (without its newline). A line we did not write is `foreign`, a damaged one `checksum` or `torn`. */
export function decodeLine(bytes: Buffer): DecodedLine {
  const cut = bytes.length - TRAILER_BYTES;
  const sum = cut > 0 ? TRAILER.exec(bytes.toString('latin1', cut))?.[1] : undefined;
  if (sum === undefined) return { ok: false, reason: looksWhole(bytes) ? 'foreign' : 'torn' };
  if (crc32(bytes.subarray(0, cut)) !== Number.parseInt(sum, 16)) return { ok: false, reason: 'checksum' };
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null || !('rec' in value)) return { ok: false, reason: 'foreign' };
  return { ok: true, value: value as Record<string, unknown>, rec: String(value.rec), part: partOf(value) };
}

function partOf(value: object): Part {
  const [index, count] = 'part' in value ? String(value.part).split('/').map(Number) : [1, 1];
  return { index: index ?? 1, count: count ?? 1 };
}

function looksWhole(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
