import { randomBytes } from 'node:crypto';
import {
  ChangeOrderError,
  type ChangeStore,
  type NewChangeEvent,
  PERSON_IDS,
  type Restore,
  type Restored,
  RestoreRefusedError,
  RUNTIME,
} from '@vivarium/core';
import { carryOut, type LandEnd } from '../landing/index.ts';
import { conclude, settle } from './conclude.ts';
import { type CheckpointWorld, landDeps } from './deps.ts';
import { checkpointNamed, heldIn, type Look, lookAll } from './preview.ts';
import { takeCheckpoint } from './take.ts';

export interface Wanted {
  readonly project?: string | undefined;
  readonly including_mine: boolean;
}

/**
 * Bring every project of a checkpoint back to its tree, each by a new commit on what the branch shows, which lands like any
 * other. Nothing is begun while one of them cannot be restored.
 */
export async function restore(world: CheckpointWorld, id: string, { project, including_mine }: Wanted): Promise<Restored> {
  const log = await world.changes();
  await settle(world, log);
  const checkpoint = await checkpointNamed(log, id);
  const looks = await lookAll(world, log, heldIn(checkpoint, project));
  refuseUnfit(id, looks, including_mine);
  const before = await takeCheckpoint(world, { automatic: true, note: `before ${id} was restored` });
  const restore_id = `rst_${randomBytes(5).toString('hex')}`;
  await begin(log, [
    before,
    {
      ...{ event: 'restore_started', actor: PERSON_IDS.society, restore_id, checkpoint_id: id, owner: world.workers.self() },
      ...(project === undefined ? {} : { project }),
    },
  ]);
  const begun = log.state.restores.get(restore_id);
  if (!begun) throw new RestoreRefusedError('Nothing was restored: something else came first', { fix: 'Try again' });
  const ends: LandEnd[] = [];
  try {
    for (const look of looks) if (!look.view.same) ends.push(await landTree(world, log, begun, look, before.checkpoint_id));
  } catch (error) {
    // Whatever failed may work the second time; what cannot be ended is ended by whoever comes next.
    await settle(world, log).catch(() => undefined);
    if (!log.state.restores.get(restore_id)?.finished) throw error;
  }
  return conclude(world, log, begun, ends);
}

async function begin(log: ChangeStore, events: readonly NewChangeEvent[]): Promise<void> {
  try {
    await log.record(...events);
  } catch (error) {
    if (!(error instanceof ChangeOrderError)) throw error;
    throw new RestoreRefusedError(`Nothing was restored: ${error.message}`, { fix: 'Wait until that is over, then try again' });
  }
}

/** @throws RestoreRefusedError with everything that is in the way */
function refuseUnfit(id: string, looks: readonly Look[], including_mine: boolean): void {
  const problems = looks.flatMap(({ view: { project, problem } }) => (problem === undefined ? [] : [`${project}: ${problem}`]));
  if (problems.length > 0)
    throw new RestoreRefusedError(`Nothing was restored: ${problems.join('; ')}`, {
      fix: `Clear that away, or restore the others one by one with --project; then: pnpm worker checkpoint preview ${id}`,
      data: { problems },
    });
  const mine = including_mine ? [] : looks.filter(({ view }) => view.needs_including_mine);
  if (mine.length === 0) return;
  throw new RestoreRefusedError(
    `Nothing was restored: it would take back work that is not Vivarium's (${mine.map(mineOf).join('; ')})`,
    {
      fix: `Read it: pnpm worker checkpoint preview ${id}; then say --including-mine (in HTTP including_mine: true)`,
      data: { commits: mine.flatMap(({ view }) => view.commits.filter(({ by }) => by === 'you').map(({ commit }) => commit)) },
    },
  );
}

function mineOf({ view: { project, commits, rewritten } }: Look): string {
  const own = commits.filter(({ by }) => by === 'you').map(({ commit, subject }) => `${commit.slice(0, 12)} ${subject}`);
  return `${project}: ${[...(rewritten ? ['its branch was rewritten since'] : []), ...own].join(', ')}`;
}

async function landTree(
  world: CheckpointWorld,
  log: ChangeStore,
  { restore_id, checkpoint_id }: Restore,
  { site, held }: Look,
  beforeId: string,
): Promise<LandEnd> {
  if (!site) return { kind: 'refused', because: `${held.project} cannot be looked at` };
  const { store, project, tip } = site;
  const entries = await store.difference(tip.tree, held.tree);
  const to_commit = await store.commit({
    ...{ tree: held.tree, parents: [tip.commit], at: world.clock.now().toISOString(), author: VIVARIUM },
    message: `Restore the checkpoint ${checkpoint_id}\n\nVivarium-Restore: ${restore_id}\nVivarium-Checkpoint: ${checkpoint_id}\n`,
  });
  const landing_id = `land_${randomBytes(5).toString('hex')}`;
  await store.keep(`refs/landings/${landing_id}`, to_commit);
  const by = restore_id;
  await log.record({
    ...{ event: 'landing_started', actor: RUNTIME, landing_id, project: project.name, restore_id, checkpoint_id: beforeId },
    ...{ from_commit: tip.commit, to_commit, to_tree: held.tree, by, owner: world.workers.self(), epoch: 1 },
    paths: entries.slice(0, MOST_TOLD).map(({ path }) => path),
  });
  const landing = log.state.landings.get(landing_id);
  return landing ? carryOut(landDeps(world, log, site, by), landing) : { kind: 'open' };
}

const MOST_TOLD = 1_000;
const VIVARIUM = { name: 'Vivarium', email: 'vivarium@localhost' };
