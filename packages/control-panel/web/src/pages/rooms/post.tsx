import { CornerUpLeft, X } from 'lucide-react';
import { Link } from 'wouter';
import type { RoomPost } from '../../../../src/protocol/talk.ts';
import { Mark } from '../../parts/mark.tsx';
import { Plain, Tag, When, Who } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';
import { Announced, announcedIn } from './announced.tsx';

interface Props {
  readonly post: RoomPost;
  readonly answered: RoomPost | undefined;
  readonly onReply: (post: RoomPost) => void;
}

/** What somebody said. */
export function Post({ post, answered, onReply }: Props) {
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
        <Words post={post} />
      </div>
    </li>
  );
}

function Words({ post }: { post: RoomPost }) {
  const announced = announcedIn(post);
  if (announced) return <Announced {...announced} />;
  return (
    <>
      <Plain>{post.content}</Plain>
      {post.task_id ? (
        <Link href={`/tasks/${inAddress(post.task_id)}`} className="text-[12.5px] text-leaf hover:underline">
          {post.task_id}
        </Link>
      ) : null}
    </>
  );
}

/** The name under which it was said; the person is always "You". */
function nameOf({ author_id, author_name }: RoomPost): { name?: string } {
  return author_name && author_id !== 'human' ? { name: author_name } : {};
}

/** The post that is answered, until it is or is not. */
export function ReplyingTo({ post, onClear }: { post: RoomPost; onClear: () => void }) {
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
