import type { Projections } from '../projections/projections.ts';
import type { ProviderView } from '../protocol/running.ts';
import type { WorkerPool } from '../worker-pool/worker-pool.ts';
import type { World } from '../world/world.ts';
import { budgetRoutes } from './budget.ts';
import { logRoutes } from './log.ts';
import { manyTasksRoutes } from './many-tasks.ts';
import { runningRoutes } from './running.ts';

/** What routes use beside the world: what the panel counts along, its workers, the way to a model. */
export interface Services {
  readonly projections: Projections;
  readonly pool: WorkerPool;
  readonly provider: () => Promise<ProviderView>;
}

export function workRoutes(world: World, { projections, pool }: Services) {
  return [
    ...manyTasksRoutes(world, projections),
    ...budgetRoutes(world, projections),
    ...logRoutes(world),
    ...runningRoutes(world, pool),
  ];
}
