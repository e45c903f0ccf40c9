import { useEffect, useState } from 'react';
import type { RoomPost } from '../../../../src/protocol/talk.ts';
import { attempt } from '../../state/notices.ts';
import { useRead } from '../../state/society.ts';
import { society } from '../../state/society-api.ts';

/** What was said in a room, oldest first: the newest page, and before it what the person asked for. */
export function useRoom(id: string) {
  const read = useRead(`room ${id}`, (signal) => society.room(id, undefined, signal), ['rooms']);
  const [older, setOlder] = useState<{ posts: readonly RoomPost[]; next: string | null } | undefined>();
  const page = read.data;
  const posts = joined(older?.posts ?? [], page?.messages ?? []);
  const next = older ? older.next : (page?.next_cursor ?? null);
  // Posts that fall off the newest page are kept, so that nothing between it and the older ones goes missing.
  useEffect(() => {
    if (page) setOlder((former) => (former ? { ...former, posts: joined(former.posts, page.messages) } : former));
  }, [page]);
  const load = (before: string) =>
    attempt(async () => {
      const page = await society.room(id, before);
      setOlder({ posts: joined(page.messages, posts), next: page.next_cursor });
    });
  return { read, posts, earlier: next === null ? undefined : () => load(next) };
}

/** Both in order, each post once. */
function joined(earlier: readonly RoomPost[], later: readonly RoomPost[]): readonly RoomPost[] {
  const known = new Set(earlier.map(({ id }) => id));
  return [...earlier, ...later.filter(({ id }) => !known.has(id))];
}
