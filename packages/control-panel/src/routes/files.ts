import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CATALOGUE } from '@vivarium/core';
import { type Response, Router } from 'express';
import { z } from 'zod';
import { openContained } from '../files/contained.ts';
import { segmentsOf } from '../files/log-back.ts';
import { notFound, RequestRefused } from '../http/refused.ts';
import type { DescribedRoute } from '../http/route.ts';
import type { World } from '../world/world.ts';

/** Pictures that a browser decodes and never runs. SVG is not among them. */
const PICTURES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};
const MOST_BYTES = 20 << 20;

const Source = z.object({ source: z.enum(['task', 'action']).catch('task').describe('Execution log or activity log') });
const Path = z.object({ path: z.string().catch('').describe('Of a picture, in the workspace') });
const plain = { method: 'get', body: undefined, status: 200 } as const;
const LOG = {
  ...plain,
  path: '/api/log/download',
  entry: 'download_log' as const,
  summary: CATALOGUE.download_log.title,
  query: Source,
  answer: z.string(),
  media: ['application/x-ndjson'],
};
const PICTURE = {
  ...plain,
  path: '/api/artifact/picture',
  entry: 'view_picture' as const,
  summary: CATALOGUE.view_picture.title,
  query: Path,
  answer: z.file(),
  media: [...new Set(Object.values(PICTURES))],
};

export const FILE_ROUTES: readonly DescribedRoute[] = [LOG, PICTURE];

/** What is not JSON: a log as a file, a picture as a picture. */
export function fileRoutes(world: World): Router {
  const router = Router();
  router.get(LOG.path, async (request, response) => {
    const { source: name } = Source.parse(request.query);
    const file = name === 'action' ? world.paths.actionLog : world.paths.executionLog;
    const segments = await segmentsOf(file);
    if (segments.length === 0) throw notFound('The log is empty', 'Nothing has happened yet');
    const shown = name === 'action' ? 'action_log.jsonl' : 'execution_log.jsonl';
    response.set({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="${shown}"`,
    });
    for (const segment of segments) await pipeline(createReadStream(segment.file), response, { end: false });
    response.end();
  });
  router.get(PICTURE.path, async (request, response) => {
    await sendPicture(world.paths.root, Path.parse(request.query).path, response);
  });
  return router;
}

async function sendPicture(root: string, path: string, response: Response): Promise<void> {
  const file = await openContained(root, path);
  try {
    const type = PICTURES[extname(file.path).toLowerCase()];
    if (type === undefined || file.size > MOST_BYTES)
      throw new RequestRefused(
        415,
        'VIV_NOT_A_PICTURE',
        'This file is not shown as a picture',
        'Use /api/artifact/view for text',
      );
    response.set({ 'content-type': type, 'content-security-policy': "default-src 'none'; sandbox" });
    response.send(await file.handle.readFile());
  } finally {
    await file.handle.close();
  }
}
