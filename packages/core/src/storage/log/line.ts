import { crc32 } from 'node:zlib';

/** Length of `,"sum":"xxxxxxxx"}`, which ends every line. */
const TRAILER_BYTES = 18;
/** Holds `rec`, `part` and `sum` of any line: a writer's name and number are short. */
const TAIL_BYTES = 120;
const REC = '"rec":"';
const TAIL = /^(?:"rec":"([^"\\]*)"(?:,"part":"(\d+)\/(\d+)")?)?,"sum":"([0-9a-f]{8})"\}$/;

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

const WHOLE: Part = { index: 1, count: 1 };

export type DecodedLine =
  | { readonly ok: true; readonly rec: string; readonly part: Part }
  | { readonly ok: false; readonly reason: 'torn' | 'foreign' | 'checksum' };

/**
 * Check one line, `bytes` from `start` to its newline at `end`, by its ending and its checksum. What it says is left
 * unread: under a right checksum it is JSON. A line we did not write is `foreign`, a damaged one `checksum` or `torn`.
 */
export function decodeLine(bytes: Buffer, start: number, end: number): DecodedLine {
  const cut = end - TRAILER_BYTES;
  const tail = bytes.toString('latin1', Math.max(start, end - TAIL_BYTES), end);
  const at = tail.lastIndexOf(REC);
  const [, rec, index, count, sum] = TAIL.exec(tail.slice(Math.max(0, at))) ?? TAIL.exec(tail.slice(-TRAILER_BYTES)) ?? [];
  if (sum === undefined || cut <= start)
    return { ok: false, reason: looksWhole(bytes.subarray(start, end)) ? 'foreign' : 'torn' };
  if (crc32(bytes.subarray(start, cut)) !== Number.parseInt(sum, 16)) return { ok: false, reason: 'checksum' };
  if (rec === undefined) return { ok: false, reason: 'foreign' };
  return { ok: true, rec, part: count === undefined ? WHOLE : { index: Number(index), count: Number(count) } };
}

function looksWhole(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
