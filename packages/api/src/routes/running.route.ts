import { Problem } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RequestRefusedError } from '../errors/index.ts';
import type { Running } from '../execution/running.ts';

const LiveText = z
  .object({
    task_id: z.string(),
    text: z.string().describe('The answer up to here; empty where the provider does not stream'),
    started_at: z.string(),
  })
  .meta({ id: 'LiveText' });

/** GET /running/:task_id: what the model has said so far in a call that runs at this moment. */
export const runningRoute: FastifyPluginAsyncZod<{ running: Pick<Running, 'said'> }> = async (app, { running }) => {
  const schema = {
    summary: 'The answer of a running task as far as it has come',
    security: [{ token: [] }],
    params: z.object({ task_id: z.string() }),
    response: { 200: LiveText, 404: Problem },
  };
  app.get('/running/:task_id', { schema }, ({ params: { task_id } }) => {
    const said = running.said(task_id);
    if (said) return { task_id, ...said };
    throw new RequestRefusedError(404, 'VIV_NOT_FOUND', `No call runs for the task ${task_id.slice(0, 128)}`);
  });
};
