import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LineWriter } from '@vivarium/core';

const KEEP_LINES = 10_000;
const NEWLINE = 10;

export function openLineWriter(file: string): LineWriter {
  let descriptor: number | undefined;
  let waiting: string[] = [];
  let scheduled = false;
  let dropped = 0;

  const target = (): number => {
    // A file that somebody rotated or deleted has no name left: start a new one.
    if (descriptor !== undefined && fstatSync(descriptor).nlink === 0) {
      closeSync(descriptor);
      descriptor = undefined;
    }
    if (descriptor === undefined) {
      mkdirSync(dirname(file), { recursive: true });
      descriptor = openSync(file, 'a+', 0o644);
    }
    return descriptor;
  };
  const flush = (): boolean => {
    if (waiting.length === 0) return true;
    try {
      const to = target();
      const lead = endsInside(to) ? '\n' : '';
      const bytes = Buffer.from(`${lead}${waiting.join('\n')}\n`);
      const written = writeSync(to, bytes);
      // A line of which only the line break is missing stands: the next one begins with it.
      const whole = newlines(bytes.subarray(lead.length, Math.max(written + 1, lead.length)));
      waiting = waiting.slice(whole);
      return waiting.length === 0;
    } catch {
      if (waiting.length > KEEP_LINES) dropped += waiting.splice(0, waiting.length - KEEP_LINES).length;
      return false;
    }
  };

  return {
    write(line) {
      waiting.push(line);
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        flush();
      });
    },
    flush,
    get dropped() {
      return dropped;
    },
    tail: (bytes) => tailOf(file, bytes),
    close() {
      flush();
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Whether a file ends within a line: whoever wrote it died or was refused there, and what follows must not be glued to it. */
function endsInside(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

/** How many lines a write that may have been cut short has completed. */
function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** The last bytes of a file; nothing when it is not there. */
function tailOf(file: string, length: number): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, length));
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(fd);
  }
}
