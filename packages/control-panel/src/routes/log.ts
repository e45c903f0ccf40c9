import { z } from 'zod';
import { route } from '../http/route.ts';
import { logPage } from '../presenters/log-page.ts';
import { LogPage } from '../protocol/lines.ts';
import type { World } from '../world/world.ts';

const Query = z.object({
  source: z.enum(['all', 'task', 'action']).default('all'),
  text: z.string().max(200).default(''),
  before: z.string().max(64).optional().describe("A former page's next"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

/** The written logs, paged back as far as they go. */
export function logRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/log',
      entry: 'show_log',
      query: Query,
      answer: LogPage,
      run: ({ query }) => logPage(world, query),
    }),
  ];
}
