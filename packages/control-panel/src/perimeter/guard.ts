import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Approach, admit, type Turned } from './rules.ts';

/**
 * Put the perimeter in front of every request and every upgrade of a server, ahead of all listeners it has by now.
 * Call it last, when the page, the routes and the event feed are attached. `forwarded` are further ports that lead here.
 */
export function guardServer(server: Server, token: string, forwarded: readonly number[]): void {
  const verdict = (request: IncomingMessage, upgrade: boolean): Turned | undefined =>
    admit(approachOf(request, upgrade), { own: portOf(server), forwarded }, sameToken(token));

  const requests = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const turned = verdict(request, false);
    if (turned) return refuse(response, turned);
    for (const listener of requests) listener.call(server, request, response);
  });

  const upgrades = server.listeners('upgrade');
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const turned = verdict(request, true);
    if (turned) return refuseUpgrade(socket, turned);
    for (const listener of upgrades) listener.call(server, request, socket, head);
  });
}

function approachOf(request: IncomingMessage, upgrade: boolean): Approach {
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    upgrade,
    host: request.headers.host,
    origin: request.headers.origin,
    fetchSite: header(request, 'sec-fetch-site'),
    token: header(request, 'x-vivarium-internal-token'),
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function sameToken(token: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return (given) => timingSafeEqual(digest(given), digest(token));
}

function refuse(response: ServerResponse, turned: Turned): void {
  const { status, ...rest } = turned;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(JSON.stringify({ success: false, ...rest }));
}

function refuseUpgrade(socket: Duplex, turned: Turned): void {
  const reason = turned.status === 421 ? 'Misdirected Request' : 'Forbidden';
  socket.end(`HTTP/1.1 ${turned.status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
