import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { authorOf, isPublic, postIn, text } from '../files/rooms.ts';

const POLL_MS = 2000;
const MOST_BYTES = 1 << 20;

export interface Said {
  readonly room: string;
  readonly author: string;
  readonly content: string;
}

/** Hear every new post of the public rooms, whoever wrote it. Posts that stand already are not told. */
export async function followRooms(swarm: string, onPost: (said: Said) => void): Promise<() => void> {
  const folder = join(swarm, 'discussions');
  mkdirSync(folder, { recursive: true });
  const offsets = new Map<string, number>();
  for (const { room, size } of await sizes(folder)) offsets.set(room, size);
  let reading = Promise.resolve();
  const look = async (): Promise<void> => {
    for (const { room, size } of await sizes(folder)) {
      const from = offsets.get(room) ?? 0;
      if (size === from) continue;
      const start = size < from ? 0 : Math.max(from, size - MOST_BYTES);
      offsets.set(room, await tell(folder, room, start, size, onPost));
    }
  };
  const wake = () => {
    reading = reading.then(look).catch(() => undefined);
  };
  const watcher = watchQuietly(folder, wake);
  const timer = setInterval(wake, POLL_MS).unref();
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}

async function sizes(folder: string): Promise<{ room: string; size: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const rooms = names.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length));
  const found = await Promise.all(
    rooms.filter(isPublic).map(async (room) => {
      const facts = await stat(join(folder, `${room}.jsonl`)).catch(() => undefined);
      return facts ? [{ room, size: facts.size }] : [];
    }),
  );
  return found.flat();
}

/** Tell the whole lines between two offsets. Returns where the next look begins. */
async function tell(folder: string, room: string, from: number, to: number, onPost: (said: Said) => void): Promise<number> {
  const handle = await open(join(folder, `${room}.jsonl`), 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    for (const line of buffer.toString('utf8', 0, end).split('\n')) {
      const post = postIn(line);
      if (post) onPost({ room, author: authorOf(post), content: text(post, 'content') });
    }
    return from + end;
  } finally {
    await handle.close();
  }
}

function watchQuietly(folder: string, wake: () => void): FSWatcher | undefined {
  try {
    return watch(folder, wake).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
