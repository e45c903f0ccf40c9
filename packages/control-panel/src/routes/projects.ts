import { route } from '../http/route.ts';
import { changeReaders } from '../presenters/changes.ts';
import { projectList } from '../presenters/projects.ts';
import { ProjectList } from '../protocol/projects.ts';
import type { World } from '../world/world.ts';

/** The repositories that residents may propose changes to. */
export function projectRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/projects',
      entry: 'list_projects',
      answer: ProjectList,
      run: async () => {
        const { projects } = world.whole;
        const [readers, list, findings] = await Promise.all([changeReaders(world), projects.list(), projects.check()]);
        return projectList(readers, list, findings);
      },
    }),
  ];
}
