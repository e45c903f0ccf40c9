import { io, type Socket } from 'socket.io-client';
import type { FeedEvent, ServerToClient, SocketAuth } from '../../../src/protocol/feed.ts';
import { noteEverything, noteSociety } from './society.ts';
import { renewIfOutdated } from './version.ts';
import { apply, pictureOf, useWorld } from './world.ts';

/** Events are applied together, at most this often, so that a busy world does not stall the page. */
const APPLY_EVERY_MS = 80;

/**
 * Keep the picture in step with the server for as long as the page is open. A gap or another run of the server leads to
 * a fresh snapshot; what a person typed is not touched by any of it.
 */
export function connect(): Socket<ServerToClient> {
  let seen: SocketAuth = {};
  let server: string | undefined;
  let waiting: FeedEvent[] = [];

  const socket: Socket<ServerToClient> = io({
    transports: ['websocket'],
    auth: (send: (auth: object) => void) => send(seen),
    reconnectionDelay: 250,
    reconnectionDelayMax: 3000,
  });
  const applyWaiting = () => {
    const events = waiting;
    waiting = [];
    useWorld.setState(({ picture }) => (picture ? { picture: apply(picture, events) } : {}));
  };

  socket.on('connect', () => useWorld.setState({ link: 'live' }));
  socket.on('disconnect', () => useWorld.setState({ link: 'lost' }));
  socket.on('connect_error', () => useWorld.setState(({ picture }) => ({ link: picture ? 'lost' : 'connecting' })));
  socket.on('snapshot', (snapshot) => {
    seen = { seq: snapshot.seq, epoch: snapshot.epoch };
    if (server !== undefined && server !== snapshot.epoch) renewIfOutdated();
    server = snapshot.epoch;
    waiting = [];
    noteEverything();
    useWorld.setState(({ picture }) => ({ picture: pictureOf(snapshot, picture), link: 'live' }));
  });
  socket.on('event', (event) => {
    if (seen.seq === undefined || event.seq !== seen.seq + 1) {
      if (seen.seq !== undefined && event.seq <= seen.seq) return;
      seen = {};
      socket.disconnect().connect();
      return;
    }
    seen = { ...seen, seq: event.seq };
    waiting.push(event);
    if (event.kind === 'society') noteSociety(event.topic);
    if (waiting.length === 1) setTimeout(applyWaiting, APPLY_EVERY_MS);
  });
  socket.on('identities', (identities) =>
    useWorld.setState(({ picture }) => (picture ? { picture: { ...picture, identities } } : {})),
  );
  return socket;
}
