import type { Checkpoints, World } from '@vivarium/core';

/** The ways back of a world. What does the work is loaded with the first that is asked for. */
export function checkpointsOf(world: World): Checkpoints {
  let loading: Promise<Checkpoints> | undefined;
  const load = () => (loading ??= import('@vivarium/changes').then(({ openCheckpoints }) => openCheckpoints(world)));
  return {
    take: async (about) => (await load()).take(about),
    preview: async (id, project) => (await load()).preview(id, project),
    restore: async (id, options) => (await load()).restore(id, options),
    drill: async (project) => (await load()).drill(project),
  };
}
