import { type ChangeStore, type Drilled, isFatal, projectNamed, RUNTIME } from '@vivarium/core';
import { GitError } from '../git/index.ts';
import { lookAtProject } from '../integration/index.ts';
import { type CheckpointWorld, type Site, siteOf } from './deps.ts';
import { treeProblem, wayBackProblem } from './round-trip.ts';
import { checkpointRef } from './take.ts';

/** Try the way back of every project, or of one, in its store: what is kept is whole, and a change goes on and comes off again. */
export async function drill(world: CheckpointWorld, only?: string): Promise<readonly Drilled[]> {
  const log = await world.changes();
  const projects = only === undefined ? await world.projects.list() : [await projectNamed(world.projects, only)];
  const drills: Drilled[] = [];
  for (const project of projects) {
    const begun = performance.now();
    const { kept, problem } = await tryOne(log, () => siteOf(world, project));
    const passed = problem === undefined;
    const detail = problem ?? `a change went on and came off again to the same tree; ${kept} checkpoints are whole`;
    await log.tryRecord({ event: 'drill_recorded', actor: RUNTIME, project: project.name, passed, detail });
    drills.push({ project: project.name, passed, detail, duration_ms: Math.round(performance.now() - begun) });
  }
  return drills;
}

async function tryOne(log: ChangeStore, open: () => Promise<Site>): Promise<{ kept: number; problem?: string | undefined }> {
  try {
    const { store, project } = await open();
    const tip = await lookAtProject(store, log, project);
    const held = [...log.state.checkpoints.values()].flatMap(({ checkpoint_id, trees }) => {
      const tree = trees.find((one) => one.project === project.name);
      return tree ? [{ checkpoint_id, ...tree }] : [];
    });
    for (const { checkpoint_id, commit, tree } of held) {
      const kept = await store.resolve(checkpointRef(checkpoint_id));
      if (kept !== commit) throw new GitError(`the store does not keep the commit ${commit} of ${checkpoint_id}`);
      if ((await store.treeOf(commit)) !== tree) throw new GitError(`${checkpoint_id} has another tree than ${tree}`);
    }
    const newest = held.at(-1)?.tree;
    for (const tree of new Set(newest === undefined ? [tip.tree] : [tip.tree, newest])) {
      const problem = await treeProblem(store, tree);
      if (problem !== undefined) return { kept: held.length, problem };
    }
    return { kept: held.length, problem: await wayBackProblem(store, tip) };
  } catch (error) {
    if (isFatal(error)) throw error;
    return { kept: 0, problem: error instanceof Error ? error.message : String(error) };
  }
}
