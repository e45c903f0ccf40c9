import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPerson, PUBLIC_ROOMS } from '@vivarium/core';
import { z } from 'zod';
import { type PageQuery, startOf } from '../http/page.ts';
import { notFound } from '../http/refused.ts';
import { type RoomPage, RoomPost, type RoomRow } from '../protocol/talk.ts';
import { own } from '../world/words.ts';

const KNOWN: Readonly<Record<string, { name: string; icon: string; description: string }>> = {
  watercooler: { name: 'Break Room', icon: '☕', description: 'Talk that needs no purpose' },
  town_hall: { name: 'Town Hall', icon: '🏛️', description: 'What concerns everybody' },
  improvements: { name: 'Improvements', icon: '🔧', description: 'How the work could go better' },
  struggles: { name: 'Struggles', icon: '🧗', description: 'What does not go well, and help' },
  discoveries: { name: 'Discoveries', icon: '💡', description: 'What somebody found out' },
  project_war_room: { name: 'War Room', icon: '🗺️', description: 'Work on the current project' },
  human_async: { name: 'With You', icon: '✉️', description: 'What residents say to you in the open' },
};
const ROOM = /^[\w-]{1,120}$/;
const TAIL_BYTES = 1 << 20;
/** Keys that belong to the log and not to the post. */
const LOG_KEYS = new Set(['rec', 'part', 'sum']);

export type Post = Readonly<Record<string, unknown>>;

const word = z.string().catch('');
const orNull = z.string().nullish().catch(null);
const orNone = z.string().optional().catch(undefined);
/** A post as the page reads it, whatever somebody wrote into its line. */
const Shown = RoomPost.extend({
  ...{ id: word, content: word, timestamp: word },
  ...{ author_id: orNone, author_name: orNone, task_id: orNone, reply_to: orNull, mood: orNull },
});

/** Every room that has posts, the one with the newest post first; `empty` adds the public rooms where nobody spoke yet. */
export async function listRooms(folder: string, empty = false): Promise<readonly RoomRow[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length));
  const ids = [...new Set([...found, ...(empty ? PUBLIC_ROOMS : [])])].filter(isPublic);
  const rooms = await Promise.all(ids.map((id) => roomSummary(folder, id)));
  return rooms.sort((a, b) => b.latest_timestamp.localeCompare(a.latest_timestamp));
}

/** Conversations of two and the archives of a former layout are no rooms for everybody. */
export function isPublic(id: string): boolean {
  return ROOM.test(id) && !id.startsWith('town_hall_') && !id.startsWith('permanent') && !id.startsWith('dm_');
}

/** The last posts of a room before the cursor's, oldest first. A line that is not a post is passed over. */
export async function readRoom(folder: string, id: string, { limit, cursor }: PageQuery): Promise<RoomPage> {
  if (!ROOM.test(id)) throw notFound('There is no such room');
  const posts = (await postsOf(folder, id)) ?? (PUBLIC_ROOMS.some((room) => room === id) ? [] : undefined);
  if (posts === undefined) throw notFound('There is no such room');
  const newestFirst = [...posts].reverse();
  const start = startOf(newestFirst, (one) => text(one, 'id'), cursor);
  const shown = newestFirst.slice(start, start + limit);
  const { name, icon } = about(id);
  const next_cursor = start + limit < newestFirst.length ? text(shown.at(-1), 'id') : null;
  return {
    success: true,
    room: id,
    room_name: name,
    room_icon: icon,
    messages: z.array(Shown).parse(shown.reverse()),
    next_cursor,
  };
}

/** How many posts all rooms together have had since an instant. */
export async function postsSince(folder: string, since: string): Promise<number> {
  const rooms = await listRooms(folder);
  const recent = rooms.filter(({ latest_timestamp }) => latest_timestamp >= since);
  const counts = await Promise.all(recent.map(async ({ id }) => (await postsOf(folder, id)) ?? []));
  return counts.flat().filter((post) => text(post, 'timestamp') >= since).length;
}

async function roomSummary(folder: string, id: string): Promise<RoomRow> {
  const posts = (await postsOf(folder, id)) ?? [];
  const last = posts.at(-1);
  const author = authorOf(last);
  const content = text(last, 'content');
  const preview = last ? `${author}: ${content.length > 50 ? `${content.slice(0, 50)}...` : content}` : '';
  return { id, ...about(id), message_count: posts.length, latest_timestamp: text(last, 'timestamp'), latest_preview: preview };
}

/** The name under which something was said; the person reads this, so they are "You". */
export function authorOf(post: Post | undefined): string {
  if (isPerson(text(post, 'author_id'))) return 'You';
  return text(post, 'author_name') || text(post, 'author_id');
}

export function about(id: string): { name: string; icon: string; description: string } {
  if (id.startsWith('dispute_')) return { name: 'Dispute', icon: '⚖️', description: `About ${id.replace(/^dispute_/, '')}` };
  const title = id.replaceAll(/[_-]+/g, ' ').replaceAll(/\b\w/g, (letter) => letter.toUpperCase());
  return own(KNOWN, id) ?? { name: title, icon: '💬', description: '' };
}

async function postsOf(folder: string, id: string): Promise<Post[] | undefined> {
  const content = await tailText(join(folder, `${id}.jsonl`));
  return content?.split('\n').flatMap((line): Post[] => {
    const found = postIn(line);
    return found ? [found] : [];
  });
}

/** The post on a line, without what belongs to the log; undefined when it is none. */
export function postIn(line: string): Post | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !('content' in value)) return undefined;
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

export function text(value: Post | undefined, key: string): string {
  const found = value?.[key];
  return typeof found === 'string' ? found : '';
}
