import type { Projects, WorkspacePaths } from '@vivarium/core';

/** The projects of a workspace. What looks at them is loaded with the first that is asked for: most tasks have none. */
export function projectsOf(paths: WorkspacePaths, installation: string): Projects {
  let loading: Promise<Projects> | undefined;
  const load = () => (loading ??= import('@vivarium/changes').then(({ openProjects }) => openProjects({ paths, installation })));
  return {
    list: async () => (await load()).list(),
    get: async (name) => (await load()).get(name),
    check: async (name) => (await load()).check(name),
    installed: async (project) => (await load()).installed(project),
    executors: async () => (await load()).executors(),
  };
}
