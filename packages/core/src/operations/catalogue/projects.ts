import { z } from 'zod';
import { loggedAs } from '../../contract/actor.ts';
import { InvalidInputError } from '../../errors/index.ts';
import type { Project, Projects } from '../../ports/projects.ts';
import { endHolds } from '../../stores/task/index.ts';
import { operation } from './entry.ts';

/** @throws InvalidInputError with everything that is wrong, for a project that cannot be used */
export async function projectNamed(projects: Projects, name: string): Promise<Project> {
  const project = await projects.get(name);
  if (project) return project;
  const found = await projects.check(name);
  const problems = found.map(({ field, problem }) => ({ field, message: problem }));
  throw new InvalidInputError(
    `Project ${name} cannot be used`,
    problems,
    found[0]?.fix ?? 'It was changed a moment ago; try again',
  );
}

export const projectOperations = {
  refresh_project: operation({
    title: 'Say that the dependencies of a project are installed as its files ask; what waited for it goes on',
    ...{ lan: 'never', refusals: ['VIV_INVALID_INPUT'] },
    input: z.strictObject({ project: z.string() }),
    output: z.object({ project: z.string(), tasks: z.array(z.string()) }),
    async run({ projects, tasks }, { project }, actor) {
      await projects.installed(await projectNamed(projects, project));
      const store = await tasks();
      store.refresh();
      const ended = await endHolds(store, loggedAs(actor), {
        ...{ kind: 'dependencies', reason: `the dependencies of ${project} are current` },
        of: (task) => task.project === project,
      });
      return { project, tasks: ended };
    },
  }),
};
