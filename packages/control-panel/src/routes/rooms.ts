import { join } from 'node:path';
import { ACTS, normalRoom } from '@vivarium/core';
import { z } from 'zod';
import { listRooms, readRoom } from '../files/rooms.ts';
import { PageQuery } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { RoomList, RoomPage, RoomSaid } from '../protocol/talk.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';

const Query = PageQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const Which = z.object({ empty: z.stringbool().default(false).describe('Also the public rooms where nobody spoke yet') });
const Say = ACTS.post_message.schema.pick({ content: true, reply_to: true, mood: true }).strip();

/** Rooms: who said what, and the person's own word. */
export function roomRoutes(world: World) {
  const folder = join(world.paths.swarm, 'discussions');
  return [
    route({
      method: 'get',
      path: '/api/chatrooms',
      entry: 'list_rooms',
      query: Which,
      answer: RoomList,
      run: async ({ query }) => done({ rooms: await listRooms(folder, query.empty) }),
    }),
    route({
      method: 'get',
      path: '/api/chatrooms/:room',
      entry: 'show_room',
      query: Query,
      answer: RoomPage,
      run: ({ params, query }) => readRoom(folder, params.room, query),
    }),
    route({
      method: 'post',
      path: '/api/chatrooms/:room',
      entry: 'post_message',
      body: Say,
      answer: RoomSaid,
      run: async ({ params, body }) => {
        const room = normalRoom(params.room);
        const { message_id } = await perform(world, 'post_message', { ...body, room });
        const page = await world.society.room(room, 'human', { limit: 20 });
        const said = page?.lines.find(({ id }) => id === message_id);
        return done({ room, message_id, message: said ? withoutLogKeys(said) : { id: message_id, content: body.content } });
      },
    }),
  ];
}

function withoutLogKeys(line: Readonly<Record<string, unknown>> & { readonly id: string }) {
  const { rec: _rec, part: _part, sum: _sum, ...post } = line;
  return post;
}
