import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { stopStatus } from '../presenters/views.ts';
import type { ServerToClient } from '../protocol/feed.ts';
import type { IdentityRow } from '../protocol/residents.ts';
import type { ProviderView } from '../protocol/running.ts';
import type { World } from '../world/world.ts';
import type { Attention } from './attention.ts';
import type { Feed } from './feed.ts';
import { snapshotOf } from './snapshot.ts';

const ROOM = 'feed';

const Auth = z.object({
  seq: z.coerce.number().int().min(0).optional().catch(undefined),
  epoch: z.string().max(64).optional().catch(undefined),
});

type ClientToServer = Record<string, never>;
export type FeedServer = Server<ClientToServer, ServerToClient>;

export interface FeedReaders {
  readonly attention: Attention;
  readonly provider: () => Promise<ProviderView>;
  readonly identities: () => Promise<readonly IdentityRow[]>;
}

/**
 * Serve the feed over Socket.IO. A client gets the snapshot, or what it missed since its `auth.seq`, and from then on
 * every event once and in order. Clients have nothing to say; writes go through the routes.
 */
export function serveFeed(http: HttpServer, world: World, feed: Feed, readers: FeedReaders): FeedServer {
  const io: FeedServer = new Server(http, {
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    perMessageDeflate: false,
  });
  feed.onEvent((event) => io.to(ROOM).emit('event', event));
  io.on('connection', (socket) => {
    greet(socket, world, feed, readers).catch((error: unknown) => {
      world.log.error({ err: error }, 'A page could not be given its snapshot');
      socket.disconnect(true);
    });
  });
  return io;
}

async function greet(
  socket: Socket<ClientToServer, ServerToClient>,
  world: World,
  feed: Feed,
  readers: FeedReaders,
): Promise<void> {
  const [provider, identities] = await Promise.all([readers.provider(), readers.identities()]);
  if (!socket.connected) return;
  const auth = Auth.safeParse(socket.handshake.auth);
  const missed = auth.success ? feed.resume(auth.data.seq, auth.data.epoch) : undefined;
  // From here to `join` nothing waits: no event can fall between what was sent and what follows.
  if (missed === undefined) {
    world.store.refresh();
    socket.emit('snapshot', snapshotOf(world, feed, readers.attention, { provider, identities }));
  } else for (const event of missed) socket.emit('event', event);
  await socket.join(ROOM);
  socket.emit('stop_status', stopStatus(world));
  socket.emit('identities', identities);
}
