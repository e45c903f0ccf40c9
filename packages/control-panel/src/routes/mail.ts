import { ACTS } from '@vivarium/core';
import { z } from 'zod';
import { notFound } from '../http/refused.ts';
import { route, type TableRoute } from '../http/route.ts';
import { allMail, threadsOf, threadWith } from '../society/mail.ts';
import { PageQuery, pageOf } from '../society/page.ts';
import { perform } from '../society/perform.ts';
import { waitingFor } from '../society/waiting.ts';
import type { World } from '../world.ts';

const Query = PageQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const Reply = ACTS.reply_message.schema.strip();
const { identity_id: to_id, content } = ACTS.send_message.schema.shape;
const Send = z.object({ to_id, content });

/** What residents write to the person, and what the person writes back. */
export function mailRoutes(world: World): readonly TableRoute[] {
  return [...reading(world), ...writing(world)];
}

function reading(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/messages',
      summary: 'Messages of residents, newest first, with the replies',
      query: Query,
      run: async ({ query }) => {
        await world.society.refresh();
        return pageOf(allMail(world), ({ id }) => id, query).rows;
      },
    }),
    route({
      method: 'get',
      path: '/api/waiting',
      summary: 'What residents wait for: mail without an answer, open disputes, work to be judged or paid',
      run: async () => {
        await world.society.refresh();
        return waitingFor(world);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/mailbox',
      summary: 'One conversation for each resident',
      run: async () => {
        await world.society.refresh();
        const threads = threadsOf(world);
        return { success: true, unread_count: threads.reduce((sum, { unread }) => sum + unread, 0), threads };
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/mailbox/:id',
      summary: 'The conversation with one resident, oldest first',
      run: async ({ params }) => {
        await world.society.refresh();
        const id = params['id'] ?? '';
        const name = world.society.profile(id)?.identity.name;
        if (name === undefined) throw notFound(`No resident has the id ${id}`);
        return { success: true, id, name, messages: await threadWith(world, id) };
      },
    }),
  ];
}

function writing(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/messages/respond',
      summary: 'Reply to a message of a resident',
      body: Reply,
      run: async ({ body }) => {
        const { bonus } = await perform(world, 'reply_message', body);
        const answer = world.society.world.society.mail.sent.get(body.message_id)?.answer;
        return { success: true, responded_at: answer?.responded_at ?? world.now().toISOString(), bonus };
      },
    }),
    route({
      method: 'post',
      path: '/api/messages/send',
      summary: 'Write to a resident',
      body: Send,
      run: async ({ body }) => {
        const { message_id, bonus } = await perform(world, 'send_message', { identity_id: body.to_id, content: body.content });
        return { success: true, message: { id: message_id, message_id, ...body, timestamp: world.now().toISOString() }, bonus };
      },
    }),
  ];
}
