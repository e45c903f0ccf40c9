import type { ChangeStore, Checkpoint, Landing, Project, Restore, World } from '@vivarium/core';
import type { LandDeps } from '../landing/index.ts';
import { openStore, type ProjectStore } from '../store/index.ts';

/** What checkpoints need of the world that they are of. */
export type CheckpointWorld = Pick<
  World,
  'projects' | 'paths' | 'clock' | 'workers' | 'changes' | 'skills' | 'society' | 'tasks'
>;

/** What a checkpoint holds of one project. */
export type HeldTree = Checkpoint['trees'][number];

/** A project with its store. */
export interface Site {
  readonly project: Project;
  readonly store: ProjectStore;
}

export const siteOf = async ({ paths }: CheckpointWorld, project: Project): Promise<Site> => ({
  ...{ project, store: await openStore({ root: paths.root }, project) },
});

/** Everybody who lands a restore does so in its name. HALT and PAUSE are for residents: the way back stays open to the person. */
export function landDeps(world: CheckpointWorld, log: ChangeStore, { project, store }: Site, by: string): LandDeps {
  const { clock, workers, projects } = world;
  return {
    ...{ log, store, project, clock, by, owner: workers.self() },
    mayRun: () => true,
    isGone: (landing) => isGone(world, landing),
    projectNow: () => projects.get(project.name),
    nameOf: () => 'Vivarium',
    checkpoint: () => {
      throw new Error('a restore takes its checkpoint before it begins');
    },
  };
}

/** Restores of one process follow one another: one of its own that is still open was given up. */
export function isGone(
  { workers }: CheckpointWorld,
  one: Pick<Landing | Restore, 'owner'> & { restore_id?: string | undefined },
) {
  if (!one.owner || workers.fateOf(one.owner) === 'dead') return true;
  return one.restore_id !== undefined && JSON.stringify(one.owner) === JSON.stringify(workers.self());
}
