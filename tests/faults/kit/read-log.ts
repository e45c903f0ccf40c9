import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';

export type Line = Readonly<Record<string, unknown>>;

/**
 * Every sound line of a shared log, its later segments included, up to each segment's seal, as anybody could read it: a
 * line counts when its checksum is that of everything before it, and lines of one append (`part` i/n) count together or
 * not at all. Shares no code with the product.
 */
export function readLog(file: string): Line[] {
  const stem = basename(file, '.jsonl');
  const segments = namesIn(dirname(file)).filter(
    (name) => name === `${stem}.jsonl` || new RegExp(`^${stem}\\.\\d+\\.jsonl$`).test(name),
  );
  segments.sort((a, b) => Number(/\.(\d+)\./.exec(a)?.[1] ?? 0) - Number(/\.(\d+)\./.exec(b)?.[1] ?? 0));
  return segments.flatMap((name) => {
    const lines: Line[] = [];
    for (const text of readFileSync(join(dirname(file), name), 'latin1').split('\n')) {
      const line = isSound(text) ? parse(text) : undefined;
      if (line?.['segment_sealed']) break;
      if (line) lines.push(line);
    }
    return lines.filter((line, at) => isWhole(line, at, lines));
  });
}

/** Every line of a plain log (audit, activity) that is JSON. */
export function readPlainLog(file: string): Line[] {
  if (!namesIn(dirname(file)).includes(basename(file))) return [];
  return readFileSync(file, 'latin1')
    .split('\n')
    .map(parse)
    .filter((line) => line !== undefined);
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `text` holds one byte in each character, so that damaged bytes keep their value. */
function isSound(text: string): boolean {
  const [, body, sum] = /^(.*),"sum":"([0-9a-f]{8})"\}$/.exec(text) ?? [];
  return body !== undefined && crc32(Buffer.from(body, 'latin1')) === Number.parseInt(sum ?? '', 16);
}

function isWhole(line: Line, at: number, lines: readonly Line[]): boolean {
  const [index = 1, count = 1] = String(line['part'] ?? '1/1')
    .split('/')
    .map(Number);
  const group = lines.slice(at - index + 1, at - index + 1 + count);
  return (
    group.length === count && group.every(({ rec, part }, n) => rec === line['rec'] && (part ?? '1/1') === `${n + 1}/${count}`)
  );
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
