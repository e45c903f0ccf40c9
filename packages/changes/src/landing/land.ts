import { randomBytes } from 'node:crypto';
import { ChangeOrderError, type ChangeRecord, type Landing, RUNTIME } from '@vivarium/core';
import { lookAtProject } from '../integration/index.ts';
import { carryOut, goForward } from './carry-out.ts';
import { OwnGits } from './dead-locks.ts';
import { type LandDeps, type LandEnd, messageOf } from './deps.ts';
import { finish } from './finish.ts';
import { obstacleTo } from './obstacles.ts';

/**
 * Put an approved change onto its branch. The log gives the slot: of several that try, one lands. Whatever happens, the branch
 * shows what it showed or the approved commit, and no byte of a person's is written over.
 */
export async function landChange(deps: LandDeps, change: ChangeRecord): Promise<LandEnd> {
  const { log, store, project, approval } = { ...deps, approval: change.approval };
  if (!approval) return { kind: 'refused', because: 'it has no approval' };
  const tip = await lookAtProject(store, log, project);
  if (tip.commit !== change.base_commit) return { kind: 'refused', because: 'the branch went on' };
  const paused = log.state.projects.get(project.name)?.paused;
  if (paused !== undefined) return { kind: 'refused', because: `the project is paused: ${paused}` };
  const known = await stillHeld(deps, change);
  if (known) return known;
  const at = deps.clock.now().toISOString();
  const landing_id = `land_${randomBytes(5).toString('hex')}`;
  const author = { name: deps.nameOf(change.author_id), email: `${change.author_id ?? 'resident'}@vivarium.invalid` };
  const message = messageOf(change, approval.approval_id);
  const to_commit = await store.commit({ tree: change.tree, parents: [tip.commit], message, author, at });
  await store.keep(`refs/landings/${landing_id}`, to_commit);
  const checkpoint = await deps.checkpoint();
  const { change_id, tree: to_tree } = change;
  try {
    await log.record(checkpoint, {
      ...{ event: 'landing_started', actor: RUNTIME, landing_id, project: project.name, change_id },
      ...{ approval_id: approval.approval_id, from_commit: tip.commit, to_commit, to_tree },
      ...{ checkpoint_id: checkpoint.checkpoint_id, paths: change.files.map(({ path }) => path) },
      ...{ by: deps.by, owner: deps.owner, epoch: 1 },
    });
  } catch (error) {
    if (!(error instanceof ChangeOrderError)) throw error;
    await store.drop(`refs/landings/${landing_id}`);
    return { kind: 'refused', because: error.message };
  }
  const landing = log.state.landings.get(landing_id);
  return landing ? carryOut(deps, landing) : { kind: 'open' };
}

/** What is still in the way is not told again. */
async function stillHeld({ store, project }: LandDeps, { held, files }: ChangeRecord): Promise<LandEnd | undefined> {
  if (!held) return undefined;
  const obstacle = await obstacleTo(store.repository, project.settings, files);
  return obstacle?.because === held.because ? { kind: 'held', because: held.because, paths: held.paths } : undefined;
}

/**
 * Go on with a landing whose process has ended. The branch shows what it showed: nothing happened. It shows the approved
 * commit: the rest is done. It went on from there: it landed. Anything else is for the person, and nothing is touched.
 */
export async function recoverLanding(deps: LandDeps): Promise<LandEnd | undefined> {
  const { log, store, project } = deps;
  await log.catchUp();
  const open = log.state.landings.get(log.state.projects.get(project.name)?.landing_id ?? '');
  if (!open || open.finished || !deps.isGone(open)) return undefined;
  const { landing_id, epoch } = open;
  const { by, owner } = deps;
  const taken = await log.tryRecord({ event: 'landing_taken', actor: RUNTIME, landing_id, by, owner, epoch: epoch + 1 });
  const landing = log.state.landings.get(landing_id);
  if (!taken || !landing) return { kind: 'open' };
  if (!(await new OwnGits(store.folder).untilFree(store.repository, branchOf(deps)))) return { kind: 'open' };
  return settle(deps, landing);
}

const branchOf = ({ project }: LandDeps): string => `refs/heads/${project.settings.branch}`;

async function settle(deps: LandDeps, landing: Landing): Promise<LandEnd> {
  const { store } = deps;
  const now = await store.repository.resolve(branchOf(deps));
  if (now === landing.to_commit) return goForward(deps, landing);
  if (now === landing.from_commit)
    return finish(deps, landing, { ok: false, because: 'it was cut off before the branch moved, so nothing happened' });
  const tip = await store.fetchBase();
  if (await store.isAncestor(landing.to_commit, tip.commit)) return finish(deps, landing, { ok: true });
  const because = `the branch shows ${now ?? 'nothing'}, neither what it showed nor what was to land`;
  return finish(deps, landing, { ok: false, because, held: 'unclear' });
}
