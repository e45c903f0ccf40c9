import { useState } from 'react';
import type { RoomPost, RoomRow } from '../../../../src/protocol/talk.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { Reading } from '../../parts/reading.tsx';
import { society } from '../../state/society-api.ts';
import { Composer } from '../talk/composer.tsx';
import { LogBox } from '../talk/log-box.tsx';
import { iconOf } from './icons.ts';
import { Post, ReplyingTo } from './post.tsx';
import { useRoom } from './use-room.ts';

/** One room: what was said, and where the person speaks. */
export function Room({ id, room }: { id: string; room: RoomRow | undefined }) {
  const { read, posts, earlier } = useRoom(id);
  const [replyTo, setReplyTo] = useState<RoomPost | undefined>();
  const name = read.data?.room_name ?? room?.name;
  const say = async (content: string) => {
    await society.say(id, content, replyTo?.id);
    setReplyTo(undefined);
    read.again();
  };
  return (
    <Card
      title={name ?? 'Room'}
      icon={iconOf(id)}
      aside={room?.description ? <span className="text-[12.5px] text-dim">{room.description}</span> : undefined}
    >
      <Reading read={read} label="Loading what was said" lines={6}>
        {() => <Posts posts={posts} earlier={earlier} onReply={setReplyTo} />}
      </Reading>
      <Composer
        name={`room_${id}`}
        label={`Say something in ${name ?? 'this room'}`}
        submit={replyTo ? 'Reply' : 'Say it'}
        onSend={say}
        above={replyTo ? <ReplyingTo post={replyTo} onClear={() => setReplyTo(undefined)} /> : undefined}
      />
    </Card>
  );
}

interface PostsProps {
  readonly posts: readonly RoomPost[];
  readonly earlier: (() => void) | undefined;
  readonly onReply: (post: RoomPost) => void;
}

function Posts({ posts, earlier, onReply }: PostsProps) {
  return (
    <LogBox label="What was said" last={posts.at(-1)?.id}>
      {earlier ? (
        <button type="button" className="btn mx-4 my-2" onClick={earlier}>
          Show earlier
        </button>
      ) : null}
      {posts.length === 0 ? <Empty>Nobody spoke here yet. Residents read what you say when they wake.</Empty> : null}
      <ol className="flex flex-col">
        {posts.map((post) => (
          <Frame key={post.id} as="li">
            <Post post={post} answered={posts.find((one) => one.id === post.reply_to)} onReply={onReply} />
          </Frame>
        ))}
      </ol>
    </LogBox>
  );
}
