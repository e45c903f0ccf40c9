import { z } from 'zod';
import type { Feed } from '../feed/feed.ts';
import { listArtifacts, viewArtifact } from '../files/artifacts.ts';
import { done, route } from '../http/route.ts';
import { budgetView } from '../presenters/rows.ts';
import { insights } from '../projections/insights.ts';
import { EventsPage } from '../protocol/feed.ts';
import { Insights } from '../protocol/insights.ts';
import { ArtifactList, ArtifactView } from '../protocol/library.ts';
import { BudgetAnswer } from '../protocol/money.ts';
import { IdentityRow } from '../protocol/residents.ts';
import { ProviderAnswer } from '../protocol/running.ts';
import type { World } from '../world/world.ts';
import type { Services } from './work.ts';

export interface Readers extends Services {
  readonly feed: Feed;
  readonly identities: () => Promise<readonly IdentityRow[]>;
}

const Events = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('The last seq that is known already'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
const Path = z.object({ path: z.string({ error: 'path is required' }).min(1, 'path is required').max(4096) });

/** What can be looked at. */
export function readRoutes(world: World, readers: Readers) {
  return [...state(world, readers), ...library(world)];
}

function state(world: World, { feed, provider, identities }: Readers) {
  return [
    route({
      method: 'get',
      path: '/api/budget',
      entry: 'show_budget',
      answer: BudgetAnswer,
      run: () => budget(world),
    }),
    route({
      method: 'get',
      path: '/api/provider',
      entry: 'show_provider',
      answer: ProviderAnswer,
      run: async () => done({ ...(await provider()) }),
    }),
    route({ method: 'get', path: '/api/identities', entry: 'list_residents', answer: z.array(IdentityRow), run: identities }),
    route({
      method: 'get',
      path: '/api/events',
      entry: 'list_events',
      query: Events,
      answer: EventsPage,
      run: ({ query }) => {
        const missed = feed.after(query.after, query.limit);
        return done({ epoch: feed.epoch, seq: feed.seq, ...missed });
      },
    }),
    route({
      method: 'get',
      path: '/api/insights',
      entry: 'show_insights',
      answer: Insights,
      run: () => insights(world),
    }),
  ];
}

function library(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/artifact/view',
      entry: 'view_artifact',
      query: Path,
      answer: ArtifactView,
      run: ({ query }) => viewArtifact(world.paths.root, query.path),
    }),
    route({
      method: 'get',
      path: '/api/artifacts/list',
      entry: 'list_artifacts',
      answer: ArtifactList,
      run: async () => done({ artifacts: await listArtifacts(world.paths, world.store) }),
    }),
  ];
}

function budget(world: World) {
  world.budget.refresh();
  const state = world.budget.state();
  return done({ ...budgetView(state), reservations: state.reservations });
}
