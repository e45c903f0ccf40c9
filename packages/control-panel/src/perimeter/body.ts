import express, { type RequestHandler, Router } from 'express';
import { RequestRefused } from '../http/refused.ts';

/** The largest body a write may have. A task's prompt of 200,000 characters fits, whatever its script. */
const BODY_LIMIT = '1mb';

/**
 * Writes carry JSON or nothing. A body under another type is refused before it is read, so that no form and no
 * `text/plain` from elsewhere can pass for a command.
 */
export function jsonBodies(): RequestHandler {
  const router = Router();
  router.use((request, _response, next) => {
    const type = request.headers['content-type'];
    const announced = Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
    const isJson = type !== undefined && /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type);
    if ((announced || type !== undefined) && !isJson && !['GET', 'HEAD', 'OPTIONS'].includes(request.method))
      throw new RequestRefused(
        415,
        'VIV_NOT_JSON',
        'The body must be application/json',
        'Send JSON with Content-Type: application/json',
      );
    next();
  });
  router.use(express.json({ limit: BODY_LIMIT, strict: false, type: ['application/json', 'application/*+json'] }));
  return router;
}
