import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notFound } from '../http/refused.ts';

const KNOWN: Readonly<Record<string, { name: string; icon: string; description: string }>> = {
  watercooler: { name: 'Break Room', icon: '☕', description: 'Talk that needs no purpose' },
  town_hall: { name: 'Town Hall', icon: '🏛️', description: 'What concerns everybody' },
  improvements: { name: 'Improvements', icon: '🔧', description: 'How the work could go better' },
  struggles: { name: 'Struggles', icon: '🧗', description: 'What does not go well, and help' },
  discoveries: { name: 'Discoveries', icon: '💡', description: 'What somebody found out' },
  project_war_room: { name: 'War Room', icon: '🗺️', description: 'Work on the current project' },
};
const ROOM = /^[\w-]{1,64}$/;
const TAIL_BYTES = 1 << 20;
/** Keys that belong to the log and not to the post. */
const LOG_KEYS = new Set(['rec', 'part', 'sum']);

export type Post = Readonly<Record<string, unknown>>;

/** Every room that has posts, the one with the newest post first. */
export async function listRooms(folder: string): Promise<readonly object[]> {
  const names = await readdir(folder).catch(() => []);
  const ids = names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .filter((id) => ROOM.test(id) && !id.startsWith('town_hall_') && !id.startsWith('permanent'));
  const rooms = await Promise.all(ids.map((id) => roomSummary(folder, id)));
  return rooms.sort((a, b) => b.latest_timestamp.localeCompare(a.latest_timestamp));
}

/** The last posts of a room, oldest first. A line that is not a post is passed over. */
export async function readRoom(folder: string, id: string, limit: number): Promise<object> {
  if (!ROOM.test(id)) throw notFound('There is no such room');
  const posts = await postsOf(folder, id);
  if (posts === undefined) throw notFound('There is no such room');
  const { name, icon } = about(id);
  return { success: true, room: id, room_name: name, room_icon: icon, messages: posts.slice(-limit) };
}

async function roomSummary(folder: string, id: string) {
  const posts = (await postsOf(folder, id)) ?? [];
  const last = posts.at(-1);
  const author = text(last, 'author_name') || text(last, 'author_id');
  const content = text(last, 'content');
  const preview = last ? `${author}: ${content.length > 50 ? `${content.slice(0, 50)}...` : content}` : '';
  return { id, ...about(id), message_count: posts.length, latest_timestamp: text(last, 'timestamp'), latest_preview: preview };
}

function about(id: string): { name: string; icon: string; description: string } {
  const title = id.replaceAll(/[_-]+/g, ' ').replaceAll(/\b\w/g, (letter) => letter.toUpperCase());
  return KNOWN[id] ?? { name: title, icon: '💬', description: '' };
}

async function postsOf(folder: string, id: string): Promise<Post[] | undefined> {
  const content = await tailText(join(folder, `${id}.jsonl`));
  return content?.split('\n').flatMap((line): Post[] => {
    const found = post(line);
    return found ? [found] : [];
  });
}

function post(line: string): Post | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([key]) => !LOG_KEYS.has(key)));
  } catch {
    return undefined;
  }
}

/** The end of a file, from its first whole line on; undefined when there is no such file. */
export async function tailText(file: string, limit = TAIL_BYTES): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, limit);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const content = buffer.toString('utf8');
    return length < size ? content.slice(content.indexOf('\n') + 1) : content;
  } finally {
    await handle.close();
  }
}

function text(value: Post | undefined, key: string): string {
  const found = value?.[key];
  return typeof found === 'string' ? found : '';
}
