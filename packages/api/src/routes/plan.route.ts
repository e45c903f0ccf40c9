import { Problem } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RequestRefusedError } from '../errors/index.ts';
import type { MakePlan } from '../plan/make-plan.ts';

const PlanRequest = z
  .strictObject({ goal: z.string().trim().min(1).max(20_000).optional(), max_tasks: z.number().int().min(1).max(50).optional() })
  .meta({ id: 'PlanRequest' });

const PlanResult = z
  .object({
    status: z.literal('planned'),
    files_scanned: z.number().int(),
    total_lines: z.number().int(),
    tasks_created: z.number().int(),
    task_ids: z.array(z.string()).readonly(),
  })
  .meta({ id: 'PlanResult' });

/** POST /plan: propose tasks from the source tree; a person lets them run. In documentation mode it is gone on purpose. */
export const planRoute: FastifyPluginAsyncZod<{ docsOnly: boolean; makePlan: MakePlan }> = async (
  app,
  { docsOnly, makePlan },
) => {
  const schema = {
    summary: 'Propose tasks from the source tree',
    security: [{ token: [] }],
    body: PlanRequest.nullish().transform((body) => body ?? {}),
    response: {
      200: PlanResult,
      400: Problem,
      402: Problem,
      403: Problem,
      410: Problem,
      423: Problem,
      429: Problem,
      502: Problem,
      503: Problem,
    },
  };
  app.post('/plan', { schema }, (request) => {
    if (!docsOnly) return makePlan(request.body);
    const detail = 'Planning is off in documentation mode';
    throw new RequestRefusedError(410, 'VIV_DOCS_ONLY', detail, 'Unset VIVARIUM_DOCS_ONLY and start again');
  });
};
