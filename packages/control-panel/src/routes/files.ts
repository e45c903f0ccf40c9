import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { notFound, RequestRefused } from '../http/refused.ts';
import { openContained } from '../read/contained.ts';
import { segmentsOf } from '../read/log-back.ts';
import type { World } from '../world.ts';

/** Pictures that a browser decodes and never runs. SVG is not among them. */
const PICTURES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};
const MOST_BYTES = 20 << 20;

/** What is not JSON: a log as a file, a picture as a picture. */
export function fileRoutes(world: World): Router {
  const router = Router();
  router.get('/api/log/download', async (request, response) => {
    const name = request.query['source'] === 'action' ? 'action' : 'task';
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
  router.get('/api/artifact/picture', async (request, response) => {
    const path = typeof request.query['path'] === 'string' ? request.query['path'] : '';
    await sendPicture(world.paths.root, path, response);
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
