import { ACTS } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { notFound } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { allMail, threadsOf, threadWith } from '../presenters/mail.ts';
import { waitingFor } from '../presenters/waiting.ts';
import { Conversation, LetterSent, Mailbox, MailList, Replied, WaitingAnswer } from '../protocol/talk.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';

const Query = PageQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const Reply = ACTS.reply_message.schema.strip();
const { identity_id: to_id, content } = ACTS.send_message.schema.shape;
const Send = z.object({ to_id, content });

const Answered = z.object({ message_id: z.string(), bonus: z.number() });

/** What residents write to the person, and what the person writes back. */
export function mailRoutes(world: World) {
  return [...reading(world), ...writing(world)];
}

function reading(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/messages',
      summary: 'Messages of residents, newest first, with the replies',
      query: Query,
      answer: MailList,
      run: async ({ query }) => {
        await world.society.refresh();
        return pageOf(allMail(world), ({ id }) => id, query).rows;
      },
    }),
    route({
      method: 'get',
      path: '/api/waiting',
      summary: 'What residents wait for: mail without an answer, open disputes, work to be judged or paid',
      answer: WaitingAnswer,
      run: async () => {
        await world.society.refresh();
        return waitingFor(world);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/mailbox',
      summary: 'One conversation for each resident',
      answer: Mailbox,
      run: async () => {
        await world.society.refresh();
        const threads = threadsOf(world);
        return done({ unread_count: threads.reduce((sum, { unread }) => sum + unread, 0), threads });
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/mailbox/:id',
      summary: 'The conversation with one resident, oldest first',
      answer: Conversation,
      run: async ({ params }) => {
        await world.society.refresh();
        const id = params.id;
        const name = world.society.profile(id)?.identity.name;
        if (name === undefined) throw notFound(`No resident has the id ${id}`);
        return done({ id, name, messages: await threadWith(world, id) });
      },
    }),
  ];
}

function writing(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/messages/respond',
      summary: 'Reply to a message of a resident',
      body: Reply,
      answer: Replied,
      run: async ({ body }) => {
        const { bonus } = Answered.parse(await perform(world, 'reply_message', body));
        const answer = world.society.world.society.mail.sent.get(body.message_id)?.answer;
        return done({ responded_at: answer?.responded_at ?? world.now().toISOString(), bonus });
      },
    }),
    route({
      method: 'post',
      path: '/api/messages/send',
      summary: 'Write to a resident',
      body: Send,
      answer: LetterSent,
      run: async ({ body }) => {
        const { to_id: identity_id, content } = body;
        const { message_id, bonus } = Answered.parse(await perform(world, 'send_message', { identity_id, content }));
        return done({ message: { id: message_id, message_id, ...body, timestamp: world.now().toISOString() }, bonus });
      },
    }),
  ];
}
