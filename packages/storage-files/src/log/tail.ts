import type { BadLine } from '@vivarium/core';
import { decodeLine, type Span } from './line.ts';

const NEWLINE = 10;
const SPACE = 32;

/**
 * What a writer puts before its line when the log ends in an unfinished one. The space spoils that line even if nothing
 * but its newline was missing: an append that was reported as failed must never count later. Alone on a line it is nothing.
 */
export const FRESH_LINE = ' \n';

/** A seal and nothing else is a short line that begins so. */
const SEAL = '{"segment_sealed":true,';
const SEAL_BYTES = 120;

/** One good line, where it lies within its segment. Read when asked for: a chunk of parsed lines would outlive its use. */
export class TailLine {
  readonly offset: number;
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #rec: Span;

  constructor(bytes: Buffer, at: number, next: number, start: number, rec: Span) {
    this.#bytes = bytes;
    this.#at = at;
    this.offset = start + at;
    this.end = start + next + 1;
    this.#rec = rec;
  }

  /** Who appended it, and that writer's number. */
  get rec(): string {
    return this.#bytes.toString('latin1', this.#rec.from, this.#rec.to);
  }

  /** @throws SyntaxError when it is no JSON under a right checksum */
  get value(): Record<string, unknown> {
    return JSON.parse(this.#bytes.toString('utf8', this.#at, this.#at + this.end - this.offset - 1));
  }
}

export interface TailRead {
  readonly lines: readonly TailLine[];
  readonly bad: readonly Omit<BadLine, 'file'>[];
  /** Everything before this offset is settled; an unfinished line or append behind it is read again later. */
  readonly consumed: number;
  /** Offset just after the seal, when the segment ends here: what follows is void. */
  readonly sealed_at?: number;
}

/**
 * Cut bytes into records. Lines of one append count together or not at all: an append whose last lines are missing is
 * dropped as torn as soon as another line follows it.
 */
export function readTail(bytes: Buffer, start: number): TailRead {
  const lines: TailLine[] = [];
  const bad: Omit<BadLine, 'file'>[] = [];
  let group: TailLine[] = [];
  let consumed = start;
  const dropGroup = () => {
    for (const line of group) bad.push({ line_start: line.offset, reason: 'torn' });
    group = [];
  };
  for (let at = 0, next = bytes.indexOf(NEWLINE, at); next >= 0; at = next + 1, next = bytes.indexOf(NEWLINE, at)) {
    const offset = start + at;
    const end = start + next + 1;
    if (next === at || (next === at + 1 && bytes[at] === SPACE)) {
      if (group.length === 0) consumed = end;
      continue;
    }
    const decoded = decodeLine(bytes, at, next);
    if (!decoded.ok) {
      dropGroup();
      bad.push({ line_start: offset, reason: decoded.reason });
      consumed = end;
      continue;
    }
    const { part } = decoded;
    const line = new TailLine(bytes, at, next, start, decoded.rec);
    if (group.length > 0 && (group[0]?.rec !== line.rec || part.index !== group.length + 1)) {
      dropGroup();
      consumed = offset;
    }
    if (part.index !== group.length + 1) {
      bad.push({ line_start: offset, reason: 'torn' });
      consumed = end;
      continue;
    }
    group.push(line);
    if (group.length < part.count) continue;
    if (next - at < SEAL_BYTES && bytes.toString('latin1', at, at + SEAL.length) === SEAL)
      return { lines, bad, consumed: end, sealed_at: end };
    for (const whole of group) lines.push(whole);
    group = [];
    consumed = end;
  }
  return { lines, bad, consumed };
}
