import { Check, CheckCheck, CircleHelp, Lightbulb, type LucideIcon, Mail, Megaphone, Smile, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { MailMessage, MailThread } from '../../../src/protocol/talk.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, Plain, When, Who, Word } from '../parts/small.tsx';
import { Split, SplitLink } from '../parts/split.tsx';
import { inAddress } from '../state/address.ts';
import { tell } from '../state/notices.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { Composer } from './talk/composer.tsx';
import { LogBox } from './talk/log-box.tsx';
import { StandingRequest } from './talk/standing-request.tsx';

/** The conversation with each resident. */
export default function MailPage({ id }: { id?: string }) {
  const box = useRead('mailbox', (signal) => society.mailbox(signal), ['mail', 'residents']);
  const shown = id ?? box.data?.threads.find(({ last_at }) => last_at !== null)?.id;
  const list = (
    <div className="flex flex-col gap-4">
      <section className="card overflow-hidden" aria-label="Conversations">
        <Reading read={box} label="Loading mail">
          {({ threads }) =>
            threads.length === 0 ? (
              <p className="px-4 py-3 text-dim">Nobody lives here yet.</p>
            ) : (
              <ul className="flex max-h-[60dvh] flex-col overflow-y-auto py-1">
                {threads.map((thread) => (
                  <li key={thread.id}>
                    <Frame>
                      <ThreadLink thread={thread} here={thread.id === shown} />
                    </Frame>
                  </li>
                ))}
              </ul>
            )
          }
        </Reading>
      </section>
      <StandingRequest />
    </div>
  );
  return (
    <>
      <PageTitle>Mail</PageTitle>
      <Split list={list} open={id !== undefined} back="/mail" backName="All conversations">
        {shown === undefined ? (
          <Card title="Mail" icon={Mail}>
            <Empty>Nobody has written yet. Choose a resident to begin a conversation.</Empty>
          </Card>
        ) : (
          <Conversation key={shown} id={shown} />
        )}
      </Split>
    </>
  );
}

function ThreadLink({ thread, here }: { thread: MailThread; here: boolean }) {
  return (
    <SplitLink href={`/mail/${inAddress(thread.id)}`} here={here}>
      <Mark name={thread.id} size={26} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{thread.name}</span>
          {thread.last_at ? <When at={thread.last_at} className="ml-auto text-[12px]" /> : null}
        </span>
        <span className="block truncate text-[12.5px] text-dim">{thread.last_preview || 'No message yet'}</span>
      </span>
      {thread.unread > 0 ? (
        <span className="rounded-full bg-leaf px-1.5 text-[12px] font-medium leading-5 text-panel">
          {thread.unread}
          <span className="sr-only"> unanswered</span>
        </span>
      ) : null}
    </SplitLink>
  );
}

function Conversation({ id }: { id: string }) {
  const read = useRead(`conversation ${id}`, (signal) => society.conversation(id, signal), ['mail']);
  const [chosen, setChosen] = useState<string | undefined>();
  const messages = read.data?.messages ?? [];
  const waiting = messages.filter(({ direction, settled }) => direction === 'in' && !settled);
  const answering = messages.find((message) => message.id === chosen) ?? waiting.at(-1);
  const name = read.data?.name ?? id;
  const send = async (content: string) => {
    const { bonus } = answering ? await society.reply(answering.id, content) : await society.send(id, content);
    setChosen(undefined);
    tell('done', bonus > 0 ? `Sent to ${name}, who gets ${bonus} tokens` : `Sent to ${name}`);
    read.again();
  };
  return (
    <Card title={`With ${name}`} icon={Mail} aside={<Who id={id} name="Profile" mark={false} />}>
      <Reading read={read} label="Loading the conversation" lines={6}>
        {() => (
          <LogBox label="Conversation" last={messages.at(-1)?.key}>
            {messages.length === 0 ? <Empty>Nothing was written yet. {name} reads your message when it wakes next.</Empty> : null}
            <ol className="flex flex-col gap-2 px-4 pb-3 pt-1">
              {messages.map((message) => (
                <Frame key={message.key} as="li">
                  <Message message={message} name={name} onAnswer={() => setChosen(message.id)} />
                </Frame>
              ))}
            </ol>
          </LogBox>
        )}
      </Reading>
      <Composer
        name={`mail_${id}`}
        label={answering ? `Reply to ${name}` : `Write to ${name}`}
        submit={answering ? 'Reply' : 'Send'}
        onSend={send}
        above={
          answering ? (
            <p className="truncate border-l-2 border-leaf pl-2 text-[12.5px] text-dim">{answering.content}</p>
          ) : undefined
        }
      />
    </Card>
  );
}

const KINDS: Readonly<Record<string, readonly [LucideIcon, string, string]>> = {
  question: [CircleHelp, 'Question', 'text-warn'],
  greeting: [Smile, 'Greeting', 'text-info'],
  idea: [Lightbulb, 'Idea', 'text-leaf'],
  concern: [TriangleAlert, 'Concern', 'text-bad'],
  message: [Megaphone, 'Message', 'text-dim'],
};

function Message({ message, name, onAnswer }: { message: MailMessage; name: string; onAnswer: () => void }) {
  const mine = message.direction === 'out';
  const [icon, word, tone] = KINDS[message.type ?? ''] ?? [];
  return (
    <li
      className={`flex max-w-[85%] flex-col gap-1 rounded-xl border border-line px-3 py-2 ${mine ? 'self-end bg-leafbg' : 'self-start bg-bg'}`}
    >
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium">{mine ? 'You' : name}</span>
        {icon && tone ? (
          <Word icon={icon} tone={tone}>
            {word}
          </Word>
        ) : null}
        <When at={message.timestamp} className="text-[12px]" />
      </div>
      {message.about ? <p className="truncate border-l-2 border-line pl-2 text-[12.5px] text-dim">{message.about}</p> : null}
      <Plain>{message.content}</Plain>
      {mine ? (
        message.settled ? (
          <Word icon={CheckCheck} tone="text-dim">
            Read
          </Word>
        ) : (
          <Word icon={Check} tone="text-dim">
            Waits for {name}
          </Word>
        )
      ) : message.type && !message.settled ? (
        <button type="button" className="self-start text-[12.5px] text-leaf hover:underline" onClick={onAnswer}>
          Answer this one
        </button>
      ) : null}
    </li>
  );
}
