import { Problem } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RequestRefusedError } from '../errors.ts';

const PlanRequest = z
  .strictObject({ goal: z.string().min(1).max(20_000).optional(), max_tasks: z.number().int().min(1).max(50).optional() })
  .meta({ id: 'PlanRequest' });

/** POST /plan: planning is not part of this version, and the answer says so; in documentation mode it is gone on purpose. */
export const planRoute: FastifyPluginAsyncZod<{ docsOnly: boolean }> = async (app, { docsOnly }) => {
  const schema = {
    summary: 'Plan tasks from the source tree',
    security: [{ token: [] }],
    body: PlanRequest,
    response: { 400: Problem, 403: Problem, 410: Problem, 501: Problem },
  };
  app.post('/plan', { schema }, () => {
    if (docsOnly)
      throw new RequestRefusedError(
        410,
        'VIV_DOCS_ONLY',
        'Planning is off in documentation mode',
        'Unset VIVARIUM_DOCS_ONLY and start again',
      );
    throw new RequestRefusedError(
      501,
      'VIV_NOT_IMPLEMENTED',
      'Planning is not available in this version',
      'Add tasks with: pnpm worker add <id> <prompt>',
    );
  });
};
