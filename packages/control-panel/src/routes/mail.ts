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
import { does } from './does.ts';

const Query = PageQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const { identity_id: to_id, content } = ACTS.send_message.schema.shape;
const Send = z.object({ to_id, content });

/** What residents write to the person, and what the person writes back. */
export function mailRoutes(world: World) {
  return [...reading(world), ...writing(world)];
}

function reading(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/messages',
      entry: 'list_mail',
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
      entry: 'list_waiting',
      answer: WaitingAnswer,
      run: async () => {
        await world.society.refresh();
        return waitingFor(world);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/mailbox',
      entry: 'list_threads',
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
      entry: 'show_thread',
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
    does(world, 'reply_message', {
      method: 'post',
      path: '/api/messages/respond',
      named: {},
      answer: Replied,
      show: ({ bonus, message_id }) => {
        const answer = world.society.world.society.mail.sent.get(message_id)?.answer;
        return done({ responded_at: answer?.responded_at ?? world.now().toISOString(), bonus });
      },
    }),
    route({
      method: 'post',
      path: '/api/messages/send',
      entry: 'send_message',
      body: Send,
      answer: LetterSent,
      run: async ({ body }) => {
        const { to_id: identity_id, content } = body;
        const { message_id, bonus } = await perform(world, 'send_message', { identity_id, content });
        return done({ message: { id: message_id, message_id, ...body, timestamp: world.now().toISOString() }, bonus });
      },
    }),
  ];
}
