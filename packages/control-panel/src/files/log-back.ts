import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A line of a log with the place where it begins, counted over all files of the log. */
export interface PlacedLine {
  readonly position: number;
  readonly value: unknown;
}

const CHUNK = 128 * 1024;
const NEWLINE = 10;

interface Segment {
  readonly base: number;
  readonly file: string;
}

/**
 * The lines before a place, newest first, at most `limit` of them or as many as stand in `maxBytes`. Reads backwards in
 * pieces; lines that are not JSON are passed over. `next` is the place to go on from, undefined at the log's beginning.
 */
export async function linesBefore(
  file: string,
  before: number,
  limit: number,
  maxBytes = 1 << 20,
): Promise<{ readonly lines: readonly PlacedLine[]; readonly next: number | undefined }> {
  const lines: PlacedLine[] = [];
  let left = maxBytes;
  for (const segment of (await segmentsOf(file)).reverse()) {
    if (segment.base >= before) continue;
    const handle = await open(segment.file, 'r').catch(() => undefined);
    if (handle === undefined) continue;
    try {
      const { size } = await handle.stat();
      let end = Math.min(size, before - segment.base);
      while (end > 0) {
        const start = await lineStart(handle, end);
        const bytes = await slice(handle, start, end);
        for (const line of placed(bytes, segment.base + start)) {
          if (lines.length === limit) return { lines, next: lines.at(-1)?.position ?? 0 };
          lines.push(line);
        }
        left -= end - start;
        end = start;
        if (left <= 0 && segment.base + end > 0) return { lines, next: segment.base + end };
      }
    } finally {
      await handle.close();
    }
  }
  return { lines, next: undefined };
}

/** Files of a log, oldest first: the first has the plain name, later ones carry the place they begin at. */
export async function segmentsOf(file: string): Promise<Segment[]> {
  const [stem = '', ending = ''] = basename(file).split(/(?=\.[^.]+$)/);
  const names = await readdir(dirname(file)).catch(() => []);
  const segments = names.flatMap((name): Segment[] => {
    if (name === basename(file)) return [{ base: 0, file }];
    if (!name.startsWith(`${stem}.`) || !name.endsWith(ending)) return [];
    const digits = name.slice(stem.length + 1, name.length - ending.length);
    return /^[1-9]\d*$/.test(digits) ? [{ base: Number(digits), file: join(dirname(file), name) }] : [];
  });
  return segments.sort((a, b) => a.base - b.base);
}

/** Where to begin so that a piece of about CHUNK bytes before `end` starts with a whole line. */
async function lineStart(handle: FileHandle, end: number): Promise<number> {
  for (let size = CHUNK; ; size *= 2) {
    const start = Math.max(0, end - size);
    if (start === 0) return 0;
    const newline = (await slice(handle, start, end - 1)).indexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
  }
}

async function slice(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const length = Math.max(0, end - start);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** Whole lines of a piece, last first. */
function placed(bytes: Buffer, base: number): PlacedLine[] {
  const lines: PlacedLine[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const value = json(bytes.toString('utf8', start, end));
    if (value !== undefined) lines.push({ position: base + start, value });
    start = end + 1;
  }
  return lines.reverse();
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
