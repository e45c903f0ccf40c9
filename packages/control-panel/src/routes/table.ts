import type { World } from '../world/world.ts';
import { changeRoutes } from './changes.ts';
import { checkpointRoutes } from './checkpoints.ts';
import { controlRoutes } from './control.ts';
import { executorRoutes } from './executors.ts';
import { projectRoutes } from './projects.ts';
import { type Readers, readRoutes } from './reads.ts';
import { settingsRoutes } from './settings.ts';
import { societyRoutes } from './society.ts';
import { taskRoutes } from './tasks.ts';
import { workRoutes } from './work.ts';

/** Everything the panel can be asked in JSON. The description, the tests and the page's client are made of this table. */
export function panelRoutes(world: World, readers: Readers) {
  return [
    ...taskRoutes(world, readers),
    ...workRoutes(world, readers),
    ...changeRoutes(world),
    ...projectRoutes(world),
    ...executorRoutes(world),
    ...checkpointRoutes(world),
    ...controlRoutes(world),
    ...settingsRoutes(world),
    ...readRoutes(world, readers),
    ...societyRoutes(world),
  ];
}

export type PanelRoute = ReturnType<typeof panelRoutes>[number];
