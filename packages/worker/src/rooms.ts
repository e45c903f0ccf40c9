import { join } from 'node:path';
import { openSharedLog, type SharedLog, type WorkspacePaths } from '@vivarium/core';
import { z } from 'zod';

/** One message of a room. Unknown keys survive. */
export const RoomMessage = z.looseObject({
  id: z.string(),
  author_id: z.string(),
  author_name: z.string(),
  content: z.string().max(1_200),
  room: z.string(),
  timestamp: z.string(),
  mood: z.string(),
  importance: z.number(),
  reply_to: z.string().nullable(),
});
export type RoomMessage = z.infer<typeof RoomMessage>;

/** The discussion rooms as far as a worker needs them: say something once. */
export interface Rooms {
  /** Append a message unless one with its id stands in the room already. Returns whether it was said. */
  say(message: RoomMessage): Promise<boolean>;
  close(): Promise<void>;
}

interface Room {
  readonly log: SharedLog<RoomMessage>;
  readonly ids: Set<string>;
}

const ROOM_NAME = /^[\w-]{1,64}$/;
const DEFAULT_ROOM = 'town_hall';

/** The room a task names, when that is the name of a room. */
export const roomName = (wanted: string | undefined): string =>
  wanted !== undefined && ROOM_NAME.test(wanted) ? wanted : DEFAULT_ROOM;

export function openRooms(paths: WorkspacePaths): Rooms {
  const rooms = new Map<string, Promise<Room>>();
  const room = (name: string): Promise<Room> => {
    const open = rooms.get(name) ?? openRoom(join(paths.swarm, 'discussions', `${name}.jsonl`));
    rooms.set(name, open);
    open.catch(() => rooms.delete(name));
    return open;
  };
  return {
    async say(message) {
      const { log, ids } = await room(message.room);
      log.refresh();
      if (ids.has(message.id)) return false;
      ids.add(message.id);
      try {
        await log.append([message]);
      } catch (error) {
        ids.delete(message.id);
        throw error;
      }
      return true;
    },
    async close() {
      for (const opening of rooms.values()) await opening.then(({ log }) => log.close()).catch(() => undefined);
    },
  };
}

async function openRoom(file: string): Promise<Room> {
  const ids = new Set<string>();
  const log = await openSharedLog<RoomMessage>({
    file,
    parse: (value) => RoomMessage.parse(value),
    onRecord: ({ value }) => ids.add(value.id),
  });
  return { log, ids };
}
