import type { Crew } from '../crew/crew.ts';
import type { Books } from '../projections/books.ts';
import type { ProviderView } from '../protocol/running.ts';
import type { World } from '../world/world.ts';
import { budgetRoutes } from './budget.ts';
import { logRoutes } from './log.ts';
import { manyTasksRoutes } from './many-tasks.ts';
import { runningRoutes } from './running.ts';

/** What the pages about tasks, money, the log and the settings stand on. */
export interface Desk {
  readonly books: Books;
  readonly crew: Crew;
  readonly provider: () => Promise<ProviderView>;
}

export function workRoutes(world: World, { books, crew }: Desk) {
  return [...manyTasksRoutes(world, books), ...budgetRoutes(world, books), ...logRoutes(world), ...runningRoutes(world, crew)];
}
