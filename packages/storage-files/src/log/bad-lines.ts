import { open } from 'node:fs/promises';
import type { BadLine } from '@vivarium/core';
import { listSegments, type Segment } from './segments.ts';
import { readTail } from './tail.ts';

const CHUNK = 256 * 1024;
const LONGER = 8;
/** Whoever has more of them is helped by the first ones. */
const MOST = 1_000;

/**
 * The lines of a log that do not count. It reads piece by piece, so that a process that serves people goes on serving them,
 * and writes nothing.
 */
export async function badLinesOf(file: string, parse: (value: unknown) => object): Promise<readonly BadLine[]> {
  const found: BadLine[] = [];
  for (const segment of listSegments(file))
    for await (const bad of badLinesIn(segment, parse)) {
      found.push(bad);
      if (found.length === MOST) return found;
    }
  return found;
}

/** A line may be in the making only where its log ends: half a line there is what a crash left until somebody writes again. */
async function* badLinesIn({ file }: Segment, parse: (value: unknown) => object): AsyncGenerator<BadLine> {
  const handle = await open(file);
  try {
    let length = CHUNK;
    for (let at = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
      const bytes = buffer.subarray(0, bytesRead);
      const { lines, bad, consumed, sealed_at } = readTail(bytes, at);
      for (const line of bad) yield { file, ...line };
      for (const line of lines) if (!fits(line, parse)) yield { file, line_start: line.offset, reason: 'invalid' };
      if (sealed_at !== undefined) return;
      if (bytesRead < length) {
        const rest = bytes.subarray(bytes.lastIndexOf(10) + 1);
        if (rest.toString('latin1').trim() !== '') yield { file, line_start: at + bytesRead - rest.length, reason: 'torn' };
        return;
      }
      length = consumed === at ? length * LONGER : CHUNK;
      at = consumed;
    }
  } finally {
    await handle.close();
  }
}

function fits(line: { readonly value: unknown }, parse: (value: unknown) => object): boolean {
  try {
    parse(line.value);
    return true;
  } catch {
    return false;
  }
}
