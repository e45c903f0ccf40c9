import { CycleRequest, CycleResult, Problem } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RunCycle } from '../execution/run-cycle.ts';

/** POST /cycle: run one thing once. Loopback only, with the internal token (http/perimeter.ts). */
export const cycleRoute: FastifyPluginAsyncZod<{ runCycle: RunCycle }> = async (app, { runCycle }) => {
  const problems = [400, 402, 403, 409, 413, 415, 423, 429, 502, 503, 504].map((status) => [status, Problem] as const);
  const schema = {
    summary: 'Run one thing once: a prompt on a model, a local command, or an executable skill',
    security: [{ token: [] }],
    body: CycleRequest,
    response: { 200: CycleResult, ...Object.fromEntries(problems) },
  };
  app.post('/cycle', { schema }, (request) => runCycle(request.body));
};
