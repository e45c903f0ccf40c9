import { createHash, timingSafeEqual } from 'node:crypto';
import { isLoopbackAddress, isLoopbackHost } from '@vivarium/core';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { RequestRefusedError } from '../errors/index.ts';

/** Who may talk to us at all. Only the socket is asked; forwarded headers can say anything and are never read. */
export const loopbackOnly: onRequestHookHandler = (request, _reply, done) => {
  if (!isLoopbackAddress(request.raw.socket.remoteAddress))
    return done(new RequestRefusedError(403, 'VIV_NOT_LOOPBACK', 'The API answers to this machine only'));
  if (!isLoopbackHost(request.headers.host))
    return done(
      new RequestRefusedError(
        403,
        'VIV_WRONG_HOST',
        'The Host header does not name this machine',
        'Use http://127.0.0.1 or http://localhost',
      ),
    );
  done();
};

/** A hook that lets through whoever shows the token. It runs before the body is read. */
export function tokenOnly(token: string): onRequestHookHandler {
  const expected = digest(token);
  return (request, _reply, done) => {
    if (timingSafeEqual(digest(shownToken(request)), expected)) return done();
    const fix = 'Send the content of .swarm/security/internal_execution_token.txt in the header X-Vivarium-Internal-Token';
    done(new RequestRefusedError(403, 'VIV_TOKEN_REQUIRED', 'This needs the internal execution token', fix));
  };
}

function shownToken(request: FastifyRequest): string {
  const shown = request.headers['x-vivarium-internal-token'];
  return typeof shown === 'string' ? shown : '';
}

/** Equal lengths for the comparison, whatever was sent. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
