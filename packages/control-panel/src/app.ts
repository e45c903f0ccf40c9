import { join } from 'node:path';
import { fileExists, VERSION } from '@vivarium/core';
import express, { type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import type { Feed } from './feed/feed.ts';
import { errorAnswers } from './http/errors.ts';
import { openApiOf } from './http/openapi.ts';
import { notFound, RequestRefused } from './http/refused.ts';
import { route, routerOf, type TableRoute } from './http/route.ts';
import { jsonBodies } from './perimeter/body.ts';
import { securityHeaders } from './perimeter/headers.ts';
import { FILE_ROUTES, fileRoutes } from './routes/files.ts';
import type { World } from './world/world.ts';

/** A person and their scripts stay far below; a runaway script does not starve the page. */
const REQUESTS_PER_MINUTE = 3000;

interface Served {
  readonly feed: Pick<Feed, 'seq'>;
  readonly routes: readonly TableRoute[];
  /** The folder the page was built into. */
  readonly dist: string;
}

/** The panel's HTTP side: the routes of the table, and the built page. */
export function panelApp(world: World, { feed, routes, dist }: Served): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders());
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', seq: feed.seq });
  });
  app.use('/api', (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  app.use('/api', limited(), jsonBodies());
  app.use(routerOf(withDescription(routes)), fileRoutes(world));
  app.use('/api', (request) => {
    throw notFound(
      `There is no ${request.method} ${request.baseUrl}${request.path}`,
      'See GET /api/openapi.json for what there is',
    );
  });
  app.use(page(dist));
  app.use(errorAnswers(world.log));
  return app;
}

/** The table and, as its last line, its own description. */
function withDescription(table: readonly TableRoute[]): readonly TableRoute[] {
  let made: ReturnType<typeof openApiOf> | undefined;
  const openapi: TableRoute = route({
    method: 'get',
    path: '/api/openapi.json',
    entry: 'describe_panel',
    answer: z.looseObject({ openapi: z.string() }),
    run: () => {
      made ??= openApiOf([...table, ...FILE_ROUTES, openapi], VERSION);
      return made;
    },
  });
  return [...table, openapi];
}

function limited() {
  return rateLimit({
    windowMs: 60_000,
    limit: REQUESTS_PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The panel stands behind no forwarder: such headers are ignored, and not worth a warning.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: () => {
      throw new RequestRefused(429, 'VIV_TOO_MANY_REQUESTS', 'Too many requests', 'Wait a minute, or ask less often');
    },
  });
}

/** The built files; every other address is the page itself, which knows its own places. */
function page(dist: string) {
  const router = express.Router();
  const index = join(dist, 'index.html');
  router.use(
    '/assets',
    express.static(join(dist, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false, index: false }),
  );
  router.use(express.static(dist, { index: false, cacheControl: false }));
  router.get('/{*place}', (_request, response) => {
    response.set('cache-control', 'no-cache');
    if (fileExists(index)) return response.sendFile(index, { cacheControl: false });
    response
      .status(503)
      .type('text/plain')
      .send('The page is not built yet.\n\nBuild it with: pnpm build:panel\nor start everything with: npm start\n');
  });
  return router;
}
