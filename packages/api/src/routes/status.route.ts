import { StatusReport } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

/** GET /status: what the queue, the money and the provider look like. No token; loopback only. */
export const statusRoute: FastifyPluginAsyncZod<{ status: () => StatusReport }> = async (app, { status }) => {
  const schema = { summary: 'Counts, running work, budget and provider', response: { 200: StatusReport } };
  app.get('/status', { schema }, () => status());
};
