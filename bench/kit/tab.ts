import { io, type Socket } from 'socket.io-client';

/** A tab as the server sees it: a socket that gets everything. Resolves with the first picture. */
export function connected(origin: string): Promise<Socket> {
  const socket = io(origin, { transports: ['websocket'], forceNew: true });
  return new Promise((resolve) => socket.once('snapshot', () => resolve(socket)));
}
