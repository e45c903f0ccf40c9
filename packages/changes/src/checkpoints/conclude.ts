import { type ChangeStore, type Landing, type NewChangeEvent, type Restore, type Restored, RUNTIME } from '@vivarium/core';
import { lookAtProject } from '../integration/index.ts';
import { type LandEnd, recoverLanding } from '../landing/index.ts';
import { type CheckpointWorld, type HeldTree, isGone, landDeps, siteOf } from './deps.ts';

/** End what a process left that was killed: landings of every project first, then restores. */
export async function settle(world: CheckpointWorld, log: ChangeStore): Promise<void> {
  await log.catchUp();
  for (const { project: name, landing_id } of [...log.state.projects.values()]) {
    const landing = log.state.landings.get(landing_id ?? '');
    const project = landing && isGone(world, landing) ? await world.projects.get(name) : undefined;
    if (project) await recoverLanding(landDeps(world, log, await siteOf(world, project), landing?.restore_id ?? 'checkpoints'));
  }
  await settleRestores(world, log);
}

/** Say what became of restores whose process has ended; nothing lands before that. Those whose landing is open wait for it. */
export async function settleRestores(world: CheckpointWorld, log: ChangeStore): Promise<void> {
  for (const restore of [...log.state.restores.values()])
    if (!restore.finished && isGone(world, restore)) await conclude(world, log, restore, []);
}

/** Say in the log what a restore came to: whether every branch shows exactly what the checkpoint holds. */
export async function conclude(
  world: CheckpointWorld,
  log: ChangeStore,
  restore: Restore,
  ends: readonly LandEnd[],
): Promise<Restored> {
  await log.catchUp();
  const { restore_id, checkpoint_id } = restore;
  const held = heldBy(log, restore);
  const trees: HeldTree[] = [];
  for (const { project: name } of held) {
    const project = await world.projects.get(name);
    if (project) trees.push({ project: name, ...(await lookAtProject((await siteOf(world, project)).store, log, project)) });
  }
  const own = [...log.state.landings.values()].filter((landing) => landing.restore_id === restore_id);
  const landed = own.filter(({ finished }) => finished?.ok);
  const other = held.filter(({ project, tree }) => trees.find((now) => now.project === project)?.tree !== tree);
  const because = other.length === 0 ? undefined : whyNot(other, own, ends);
  await log.tryRecord(
    { event: 'restore_finished', actor: RUNTIME, restore_id, same: other.length === 0, trees, ...(because ? { because } : {}) },
    ...pauses(log, held, other, own, because),
  );
  const behind = await markBehind(log, landed, checkpoint_id);
  return {
    ...{ restore_id, checkpoint_id, same: other.length === 0, ...(because ? { because } : {}), trees, behind },
    landed: landed.map(({ project, to_commit }) => ({ project, commit: to_commit })),
  };
}

const heldBy = ({ state }: ChangeStore, { checkpoint_id, project }: Restore): readonly HeldTree[] =>
  (state.checkpoints.get(checkpoint_id)?.trees ?? []).filter((tree) => project === undefined || tree.project === project);

function whyNot(other: readonly HeldTree[], own: readonly Landing[], ends: readonly LandEnd[]): string {
  const said = [
    ...own.flatMap(({ project, finished }) =>
      finished && !finished.ok ? [`${project}: ${finished.because ?? 'given up'}`] : [],
    ),
    ...ends.flatMap((end) => (end.kind === 'open' ? ['a landing has still to be ended'] : [])),
  ];
  const names = other.map(({ project }) => project).join(', ');
  return `${names} does not show the checkpoint's tree: ${said.join('; ') || 'it was cut off, or the branch went on'}`;
}

/** A project that is half way, or of which nobody knows, lands nothing until a restore ends well. */
function pauses(
  { state }: ChangeStore,
  held: readonly HeldTree[],
  other: readonly HeldTree[],
  own: readonly Landing[],
  because: string | undefined,
): NewChangeEvent[] {
  const halfWay = own.some(({ finished }) => finished?.ok || finished?.held === 'unclear');
  if (because !== undefined && !halfWay) return [];
  const projects = (because === undefined ? held : other).flatMap(({ project }) => state.projects.get(project) ?? []);
  return projects.flatMap(({ project, paused }): NewChangeEvent[] => {
    if (because === undefined && paused === undefined) return [];
    return [
      {
        event: 'project_paused',
        actor: RUNTIME,
        project,
        ...(because === undefined ? {} : { because: `a restore: ${because}` }),
      },
    ];
  });
}

/** Attempts keep what they began on; what they handed in is merged anew and verified again. */
async function markBehind(log: ChangeStore, landed: readonly Landing[], checkpoint: string): Promise<string[]> {
  const projects = new Set(landed.map(({ project }) => project));
  const waiting = [...log.state.changes.values()].filter(
    ({ project, phase, behind }) => projects.has(project) && phase === 'handed_in' && behind === undefined,
  );
  for (const { change_id } of waiting)
    await log.tryRecord({ event: 'change_behind', actor: RUNTIME, change_id, because: `${checkpoint} was restored` });
  return waiting.map(({ change_id }) => change_id);
}
