import { type FSWatcher, watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

const POLL_MS = 2000;
const MAX_READ = 1 << 20;

export interface Tail {
  /** Resolves once everything that stands in the file by now was given. */
  catchUp(): Promise<void>;
  stop(): void;
}

/**
 * Follow a JSONL file as others append to it, from its present end or from its start. Half a line waits for its other half; a file that
 * shrank or was replaced is read from its start; a line that is not JSON is passed over.
 */
export async function tailLines(file: string, onValue: (value: unknown) => void, from: 'start' | 'end' = 'end'): Promise<Tail> {
  const start = from === 'start' ? undefined : await stat(file).catch(() => undefined);
  let offset = start?.size ?? 0;
  let inode = start?.ino;
  let rest = '';
  let reading = Promise.resolve();

  const readMore = async (): Promise<void> => {
    const now = await stat(file).catch(() => undefined);
    if (now === undefined) return;
    if (now.ino !== inode || now.size < offset) [offset, rest] = [0, ''];
    inode = now.ino;
    while (offset < now.size) {
      const text = await readSlice(file, offset, Math.min(MAX_READ, now.size - offset));
      if (text.bytes === 0) return;
      offset += text.bytes;
      const lines = (rest + text.text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) give(line, onValue);
    }
  };
  const wake = (): Promise<void> => {
    reading = reading.then(readMore).catch(() => undefined);
    return reading;
  };
  const watcher = watchQuietly(file, wake);
  const poll = setInterval(wake, POLL_MS).unref();
  if (from === 'start') void wake();
  return {
    catchUp: wake,
    stop() {
      watcher?.close();
      clearInterval(poll);
    },
  };
}

/** Bytes are kept as latin1 until a line is whole, so that a character cut in two by a read is not lost. */
async function readSlice(file: string, from: number, length: number): Promise<{ text: string; bytes: number }> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
    return { text: buffer.toString('latin1', 0, bytesRead), bytes: bytesRead };
  } finally {
    await handle.close();
  }
}

function give(line: string, onValue: (value: unknown) => void): void {
  if (line.trim() === '') return;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
  } catch {
    return;
  }
  onValue(value);
}

function watchQuietly(file: string, wake: () => void): FSWatcher | undefined {
  try {
    return watch(dirname(file), (_event, name) => {
      if (name === null || name === basename(file)) wake();
    }).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
