import { z } from 'zod';
import type { Feed } from '../feed/feed.ts';
import { route, type TableRoute } from '../http/route.ts';
import type { EventsPage, IdentityRow } from '../protocol.ts';
import { listArtifacts, viewArtifact } from '../read/artifacts.ts';
import { insights } from '../read/insights.ts';
import { budgetView } from '../view/rows.ts';
import type { World } from '../world.ts';
import type { Desk } from './work.ts';

export interface Readers extends Desk {
  readonly feed: Feed;
  readonly identities: () => Promise<readonly IdentityRow[]>;
}

const Events = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('The last seq that is known already'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
const Path = z.object({ path: z.string({ error: 'path is required' }).min(1, 'path is required').max(4096) });

/** What can be looked at. */
export function readRoutes(world: World, readers: Readers): readonly TableRoute[] {
  return [...state(world, readers), ...library(world)];
}

function state(world: World, { feed, provider, identities }: Readers): readonly TableRoute[] {
  return [
    route({ method: 'get', path: '/api/budget', summary: 'Spent and reserved against the cap', run: () => budget(world) }),
    route({
      method: 'get',
      path: '/api/provider',
      summary: "The execution API's way to a model",
      run: async () => ({ success: true, ...(await provider()) }),
    }),
    route({ method: 'get', path: '/api/identities', summary: 'The residents', run: identities }),
    route({
      method: 'get',
      path: '/api/events',
      summary: 'The event feed without a socket',
      query: Events,
      run: ({ query }): EventsPage => {
        const missed = feed.after(query.after, query.limit);
        return { success: true, epoch: feed.epoch, seq: feed.seq, ...missed };
      },
    }),
    route({ method: 'get', path: '/api/insights', summary: 'The last 24 hours in numbers', run: () => insights(world) }),
  ];
}

function library(world: World): readonly TableRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/artifact/view',
      summary: 'Read a file of the workspace',
      query: Path,
      run: ({ query }) => viewArtifact(world.paths.root, query.path),
    }),
    route({
      method: 'get',
      path: '/api/artifacts/list',
      summary: 'The newest outputs, documents and works',
      run: async () => ({ success: true, artifacts: await listArtifacts(world.paths, world.store) }),
    }),
  ];
}

function budget(world: World) {
  world.budget.refresh();
  const state = world.budget.state();
  return { success: true, ...budgetView(state), reservations: state.reservations };
}
