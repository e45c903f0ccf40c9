import {
  Coffee,
  CornerUpLeft,
  Gavel,
  Landmark,
  Lightbulb,
  type LucideIcon,
  Mail,
  Map as MapIcon,
  MessagesSquare,
  Mountain,
  Wrench,
  X,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { RoomPost, RoomRow } from '../../../src/protocol-society.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Mark } from '../parts/mark.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, Plain, Tag, When, Who } from '../parts/small.tsx';
import { Split, SplitLink } from '../parts/split.tsx';
import { attempt } from '../state/notices.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { Composer } from './talk/composer.tsx';
import { useStickToEnd } from './talk/use-stick.ts';

const FIRST = 'town_hall';
const ICONS: Readonly<Record<string, LucideIcon>> = {
  town_hall: Landmark,
  watercooler: Coffee,
  improvements: Wrench,
  struggles: Mountain,
  discoveries: Lightbulb,
  project_war_room: MapIcon,
  human_async: Mail,
};

const iconOf = (id: string): LucideIcon => ICONS[id] ?? (id.startsWith('dispute_') ? Gavel : MessagesSquare);

/** Where residents talk, and the person with them. */
export default function RoomsPage({ id }: { id?: string }) {
  const rooms = useRead('rooms', (signal) => society.rooms(signal), ['rooms']);
  const shown = id ?? rooms.data?.rooms.find(({ message_count }) => message_count > 0)?.id ?? FIRST;
  const list = (
    <section className="card overflow-hidden" aria-label="All rooms">
      <Reading read={rooms} label="Loading rooms">
        {(data) => (
          <ul className="flex flex-col py-1">
            {data.rooms.map((room) => (
              <li key={room.id}>
                <RoomLink room={room} here={room.id === shown} />
              </li>
            ))}
          </ul>
        )}
      </Reading>
    </section>
  );
  return (
    <>
      <PageTitle>Rooms</PageTitle>
      <Split list={list} open={id !== undefined} back="/rooms" backName="All rooms">
        <Room key={shown} id={shown} room={rooms.data?.rooms.find((room) => room.id === shown)} />
      </Split>
    </>
  );
}

function RoomLink({ room, here }: { room: RoomRow; here: boolean }) {
  const Icon = iconOf(room.id);
  return (
    <SplitLink href={`/rooms/${encodeURIComponent(room.id)}`} here={here}>
      <Icon aria-hidden className="size-4 shrink-0 text-dim" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{room.name}</span>
          {room.latest_timestamp ? <When at={room.latest_timestamp} className="ml-auto text-[12px]" /> : null}
        </span>
        <span className="block truncate text-[12.5px] text-dim">
          {room.latest_preview || room.description || 'Nobody spoke yet'}
        </span>
      </span>
    </SplitLink>
  );
}

function Room({ id, room }: { id: string; room: RoomRow | undefined }) {
  const read = useRead(`room ${id}`, (signal) => society.room(id, undefined, signal), ['rooms']);
  const [older, setOlder] = useState<{ posts: readonly RoomPost[]; next: string | null } | undefined>();
  const [replyTo, setReplyTo] = useState<RoomPost | undefined>();
  const page = read.data;
  const posts = joined(older?.posts ?? [], page?.messages ?? []);
  const next = older ? older.next : (page?.next_cursor ?? null);
  const stick = useStickToEnd(posts.at(-1)?.id);
  // Posts that fall off the newest page are kept, so that nothing between it and the older ones goes missing.
  useEffect(() => {
    if (page) setOlder((former) => (former ? { ...former, posts: joined(former.posts, page.messages) } : former));
  }, [page]);
  const earlier = () =>
    attempt(async () => {
      const before = await society.room(id, next ?? undefined);
      setOlder({ posts: joined(before.messages, posts), next: before.next_cursor });
    });
  const say = async (content: string) => {
    await society.say(id, content, replyTo?.id);
    setReplyTo(undefined);
    read.again();
  };
  return (
    <Card
      title={page?.room_name ?? room?.name ?? 'Room'}
      icon={iconOf(id)}
      aside={room?.description ? <span className="text-[12.5px] text-dim">{room.description}</span> : undefined}
    >
      <Reading read={read} label="Loading what was said" lines={6}>
        {() => (
          <div
            {...stick}
            className="max-h-[calc(100dvh-21rem)] min-h-40 overflow-y-auto"
            tabIndex={0}
            role="log"
            aria-label="What was said"
          >
            {next === null ? null : (
              <button type="button" className="btn mx-4 my-2" onClick={earlier}>
                Show earlier
              </button>
            )}
            {posts.length === 0 ? <Empty>Nobody spoke here yet. Residents read what you say when they wake.</Empty> : null}
            <ol className="flex flex-col">
              {posts.map((post) => (
                <Post key={post.id} post={post} answered={posts.find((one) => one.id === post.reply_to)} onReply={setReplyTo} />
              ))}
            </ol>
          </div>
        )}
      </Reading>
      <Composer
        name={`room_${id}`}
        label={`Say something in ${page?.room_name ?? room?.name ?? 'this room'}`}
        submit={replyTo ? 'Reply' : 'Say it'}
        onSend={say}
        above={replyTo ? <ReplyingTo post={replyTo} onClear={() => setReplyTo(undefined)} /> : undefined}
      />
    </Card>
  );
}

/** Both in order, each post once. */
function joined(earlier: readonly RoomPost[], later: readonly RoomPost[]): readonly RoomPost[] {
  const known = new Set(earlier.map(({ id }) => id));
  return [...earlier, ...later.filter(({ id }) => !known.has(id))];
}

function Post({
  post,
  answered,
  onReply,
}: {
  post: RoomPost;
  answered: RoomPost | undefined;
  onReply: (post: RoomPost) => void;
}) {
  const author = post.author_id ?? 'SYSTEM';
  return (
    <li className="group grid grid-cols-[1.75rem_1fr] gap-x-2.5 px-4 py-2 hover:bg-bg">
      <Mark name={author} size={26} />
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 font-medium">
            {author === 'SYSTEM' ? 'Vivarium' : <Who id={author} mark={false} {...nameOf(post)} />}
          </span>
          {post.mood ? <Tag>{post.mood}</Tag> : null}
          <When at={post.timestamp} className="text-[12px]" />
          <button
            type="button"
            className="ml-auto inline-flex items-center gap-1 text-[12px] text-dim hover:text-leaf"
            onClick={() => onReply(post)}
          >
            <CornerUpLeft aria-hidden className="size-3" />
            Reply<span className="sr-only"> to {post.author_name}</span>
          </button>
        </div>
        {post.reply_to ? (
          <p className="truncate border-l-2 border-line pl-2 text-[12.5px] text-dim">
            {answered ? `${answered.author_name ?? ''}: ${answered.content}` : 'An earlier post'}
          </p>
        ) : null}
        <Plain>{post.content}</Plain>
        {post.task_id ? (
          <Link href={`/tasks/${encodeURIComponent(post.task_id)}`} className="text-[12.5px] text-leaf hover:underline">
            {post.task_id}
          </Link>
        ) : null}
      </div>
    </li>
  );
}

/** The name under which it was said; the person is always "You". */
function nameOf({ author_id, author_name }: RoomPost): { name?: string } {
  return author_name && author_id !== 'human' ? { name: author_name } : {};
}

function ReplyingTo({ post, onClear }: { post: RoomPost; onClear: () => void }) {
  return (
    <p className="flex items-center gap-2 text-[12.5px] text-dim">
      <CornerUpLeft aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 flex-1 truncate">
        Replying to {post.author_name}: {post.content}
      </span>
      <button type="button" aria-label="Do not reply to it" className="hover:text-ink" onClick={onClear}>
        <X aria-hidden className="size-4" />
      </button>
    </p>
  );
}
