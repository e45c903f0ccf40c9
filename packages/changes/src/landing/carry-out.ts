import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChangedEntry, isExpired, type Landing } from '@vivarium/core';
import { wasKilled } from '../git/index.ts';
import { filesOf } from '../work-area/index.ts';
import { OwnGits } from './dead-locks.ts';
import type { LandDeps, LandEnd } from './deps.ts';
import { bringFiles, InTheWay, reversed, sweepBeside } from './files.ts';
import { finish } from './finish.ts';
import { headObstacle, isCheckedOut, isSide, obstacleTo } from './obstacles.ts';

/** How often a lock of somebody else's git is waited for. */
const INDEX_TRIES = 40;
const INDEX_GAP_MS = 250;

/** The steps of a landing that holds the slot, up to its end in the log. */
export async function carryOut(deps: LandDeps, landing: Landing): Promise<LandEnd> {
  const { store, project } = deps;
  const { repository } = store;
  const unfit = await unfitNow(deps, landing);
  if (unfit !== undefined) return finish(deps, landing, { ok: false, because: unfit });
  const entries = await entriesOf(deps, landing);
  const ref = `refs/heads/${project.settings.branch}`;
  const gits = new OwnGits(store.folder);
  gits.sweep(repository, ref);
  const obstacle = await obstacleTo(repository, project.settings, entries);
  if (obstacle) {
    const { why, because, paths } = obstacle;
    return finish(deps, landing, { ok: false, because, held: why, paths: [...paths] });
  }
  const moved = await movedBy(
    gits.during(repository, ref, async (note) => {
      await repository.fetchFrom(store.gitDir, `refs/landings/${landing.landing_id}`, { onStart: note });
      const move = { ref, from: landing.from_commit, to: landing.to_commit };
      // Whoever switches the branch in that moment needs no lock of it.
      const mayMove = async () => (await isHolder(deps, landing)) && !headObstacle(repository, project.settings);
      return repository.moveGuarded(move, mayMove, note);
    }),
  );
  if (moved || (await repository.resolve(ref)) === landing.to_commit) return goForward(deps, landing);
  if (!(await isHolder(deps, landing))) return { kind: 'open' };
  const late = headObstacle(repository, project.settings);
  if (late) return finish(deps, landing, { ok: false, because: late.because, held: late.why, paths: [] });
  return finish(deps, landing, { ok: false, because: 'the branch moved, or was locked, in that moment' });
}

/** The branch shows the commit: the files and what is staged follow it. A person's edit in that moment takes all of it back. */
export async function goForward(deps: LandDeps, landing: Landing): Promise<LandEnd> {
  const { store, project } = deps;
  // Files belong to what is checked out: where that is another branch by now, this one has landed without them.
  if (project.settings.into === 'ref' || !isCheckedOut(store.repository, project.settings.branch))
    return finish(deps, landing, { ok: true });
  const { path } = project.settings;
  const entries = await entriesOf(deps, landing);
  sweepBeside(path, entries, landing.landing_id);
  try {
    await bringFiles(path, entries, landing.landing_id, store.readAll);
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error;
    return takeBack(deps, landing, entries, error);
  }
  if (!(await stage(deps, entries))) return { kind: 'open' };
  return finish(deps, landing, { ok: true });
}

/** Bring back what was there, but for the file that a person edited, and the branch with it. */
async function takeBack(deps: LandDeps, landing: Landing, entries: readonly ChangedEntry[], edited: InTheWay): Promise<LandEnd> {
  const { store, project } = deps;
  const { path } = project.settings;
  const back = reversed(entries).filter(({ path: file, before }) => (before ? isSide(join(path, file), before) : true));
  const mine = back.filter(({ path: file }) => file !== edited.path);
  await bringFiles(path, mine, landing.landing_id, store.readAll);
  if (!(await stage(deps, reversed(entries)))) return { kind: 'open' };
  const move = { ref: `refs/heads/${project.settings.branch}`, from: landing.to_commit, to: landing.from_commit };
  const gits = new OwnGits(store.folder);
  const mayMove = () => isHolder(deps, landing);
  const moving = gits.during(store.repository, move.ref, (note) => store.repository.moveGuarded(move, mayMove, note));
  const moved = await movedBy(moving);
  if (!moved && (await store.repository.resolve(move.ref)) !== move.to) return { kind: 'open' };
  return finish(deps, landing, { ok: false, because: edited.message, held: 'your_edits', paths: [edited.path] });
}

/** What is staged of exactly these paths; false when somebody else's git does not let go of the index. */
async function stage({ store, project }: LandDeps, entries: readonly ChangedEntry[]): Promise<boolean> {
  const wanted = new Map(entries.map(({ path, after }) => [path, after]));
  const gits = new OwnGits(store.folder);
  const ref = `refs/heads/${project.settings.branch}`;
  for (let tried = 1; ; tried += 1) {
    try {
      await gits.during(store.repository, ref, (note) => store.repository.setIndex(wanted, { onStart: note }));
      return true;
    } catch (error) {
      if (tried >= INDEX_TRIES) return false;
      if (!wasKilled(error) && !(error instanceof Error && /index\.lock/.test(error.message))) throw error;
      await delay(INDEX_GAP_MS);
    }
  }
}

/** What a git says last may be lost with it: the branch itself tells then. */
const movedBy = (moving: Promise<boolean>): Promise<boolean> =>
  moving.catch((error: unknown) => {
    if (wasKilled(error)) return false;
    throw error;
  });

const entriesOf = async ({ store }: LandDeps, { from_commit, to_tree }: Landing): Promise<readonly ChangedEntry[]> =>
  store.difference(await store.treeOf(from_commit), to_tree);

/** Whether the log says that this landing is still ours, and nobody said stop. */
async function isHolder({ log, by, mayRun }: LandDeps, { landing_id, epoch }: Landing): Promise<boolean> {
  await log.catchUp();
  const now = log.state.landings.get(landing_id);
  return now !== undefined && !now.finished && now.by === by && now.epoch === epoch && mayRun();
}

/** Everything that the approval rests on, computed again by the code that is installed here. */
async function unfitNow(deps: LandDeps, landing: Landing): Promise<string | undefined> {
  const { log, store, clock, mayRun } = deps;
  await log.catchUp();
  if (!mayRun()) return 'everything is halted or paused';
  if (landing.restore_id !== undefined) return undefined;
  const approval = log.state.approvals.get(landing.approval_id ?? '');
  if (!approval || approval.void !== undefined) return `its approval is void: ${approval?.void ?? 'there is none'}`;
  if (isExpired(approval, clock.now().toISOString())) return `its approval expired at ${approval.expires_at}`;
  const project = await deps.projectNow();
  if (project?.policy_sha256 !== approval.policy_sha256) return "the project's part of config/projects.json was changed";
  const patch = await filesOf(store, project, await store.treeOf(landing.from_commit), landing.to_tree);
  if (patch.entries_sha256 !== approval.entries_sha256) return 'what would land is not what was approved';
  if (patch.tier === 'A' || patch.tier !== approval.tier) return `what it touches is tier ${patch.tier} by now`;
  return undefined;
}
