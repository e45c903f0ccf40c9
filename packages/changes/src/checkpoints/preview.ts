import {
  type ChangedEntry,
  type ChangeStore,
  type ChangesState,
  type Checkpoint,
  CheckpointNotFoundError,
  inWords,
  type ProjectRestore,
  projectNamed,
  type RestorePreview,
  RestoreRefusedError,
  type UndoneCommit,
  VivariumError,
} from '@vivarium/core';
import { lookAtProject } from '../integration/index.ts';
import { obstacleTo } from '../landing/index.ts';
import type { ProjectStore } from '../store/index.ts';
import { type CheckpointWorld, type HeldTree, type Site, siteOf } from './deps.ts';
import { versionsNow } from './take.ts';

/** One project of a checkpoint, looked at: what a restore would do, and where it can be done. */
export interface Look {
  readonly view: ProjectRestore;
  readonly held: HeldTree;
  readonly site?: Site & { readonly tip: { readonly commit: string; readonly tree: string } };
}

export async function previewRestore(world: CheckpointWorld, id: string, project?: string): Promise<RestorePreview> {
  const log = await world.changes();
  const checkpoint = await checkpointNamed(log, id);
  const looks = await lookAll(world, log, heldIn(checkpoint, project));
  const { checkpoint_id, at, note, automatic, versions } = checkpoint;
  return {
    ...{ checkpoint_id, at, automatic, ...(note === undefined ? {} : { note }) },
    projects: looks.map(({ view }) => view),
    versions: movedVersions(versions, await versionsNow(world)),
  };
}

/** @throws CheckpointNotFoundError */
export async function checkpointNamed(log: ChangeStore, id: string): Promise<Checkpoint> {
  await log.catchUp();
  const checkpoint = log.state.checkpoints.get(id);
  if (!checkpoint) throw new CheckpointNotFoundError(id);
  return checkpoint;
}

/** What of a checkpoint is to be restored. @throws RestoreRefusedError when it holds nothing of the project */
export function heldIn({ checkpoint_id, trees }: Checkpoint, project?: string): readonly HeldTree[] {
  const held = trees.filter((tree) => project === undefined || tree.project === project);
  if (held.length > 0) return held;
  const message = `Nothing was restored: the checkpoint ${checkpoint_id} holds ${project === undefined ? 'no project' : `nothing of ${project}`}`;
  const others = trees.map((tree) => tree.project).join(', ') || 'none';
  throw new RestoreRefusedError(message, { fix: `It holds these projects: ${others}` });
}

export async function lookAll(world: CheckpointWorld, log: ChangeStore, held: readonly HeldTree[]): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const one of held) looks.push(await lookAt(world, log, one));
  return looks;
}

async function lookAt(world: CheckpointWorld, log: ChangeStore, held: HeldTree): Promise<Look> {
  try {
    const site = await siteOf(world, await projectNamed(world.projects, held.project));
    const tip = await lookAtProject(site.store, log, site.project);
    return { held, site: { ...site, tip }, view: await viewOf(world, log, held, { ...site, tip }) };
  } catch (error) {
    if (!(error instanceof VivariumError)) throw error;
    const { message, fix } = inWords(error);
    return { held, view: { ...held, ...UNSEEN, problem: fix === undefined ? message : `${message}. ${fix}` } };
  }
}

const UNSEEN = {
  ...{ same: false, files: [], commits: [], rewritten: false, needs_including_mine: false, running: [], waiting: [] },
} satisfies Partial<ProjectRestore>;

async function viewOf(
  world: CheckpointWorld,
  log: ChangeStore,
  held: HeldTree,
  { project, store, tip }: NonNullable<Look['site']>,
): Promise<ProjectRestore> {
  const same = tip.tree === held.tree;
  const now = { commit: tip.commit, tree: tip.tree };
  if (same) return { ...held, ...UNSEEN, now, same };
  const entries = await store.difference(tip.tree, held.tree);
  const commits = await undoneIn(store, log.state, held.commit, tip.commit);
  const rewritten = !(await store.isAncestor(held.commit, tip.commit));
  const obstacle = await obstacleTo(store.repository, project.settings, entries);
  const under_way = log.state.projects.get(project.name)?.landing_id;
  const problem = under_way === undefined ? obstacle?.because : `the landing ${under_way} is under way`;
  return {
    ...{ ...held, now, same, commits, rewritten, files: entries.map(fileOf) },
    needs_including_mine: rewritten || commits.some(({ by }) => by === 'you'),
    ...(await underWay(world, log, project.name)),
    ...(problem === undefined ? {} : { problem }),
  };
}

const fileOf = ({ path, before, after }: ChangedEntry): ProjectRestore['files'][number] => ({
  ...{ path, change: before ? (after ? 'modified' : 'deleted') : 'added' },
});

/** Whose each commit is, as the log of changes tells: words in a commit can be anybody's. */
async function undoneIn(store: ProjectStore, state: ChangesState, from: string, to: string): Promise<UndoneCommit[]> {
  const landed = new Map([...state.landings.values()].flatMap((one) => (one.finished?.ok ? [[one.to_commit, one]] : [])));
  return (await store.commitsSince(from, to)).map((past): UndoneCommit => {
    const landing = landed.get(past.commit);
    if (!landing) return { ...past, by: 'you' };
    const task_id = state.changes.get(landing.change_id ?? '')?.task_id;
    return {
      ...{ ...past, by: 'vivarium' },
      ...(landing.change_id === undefined ? {} : { change_id: landing.change_id }),
      ...(task_id === undefined ? {} : { task_id }),
    };
  });
}

async function underWay({ tasks }: CheckpointWorld, { state }: ChangeStore, project: string) {
  const queue = await tasks();
  queue.refresh();
  const of = [...state.changes.values()].filter((change) => change.project === project);
  const running = of.filter(({ phase, task_id }) => phase === 'working' && queue.get(task_id)?.lease !== undefined);
  return {
    running: running.map(({ task_id }) => task_id),
    waiting: of.filter(({ phase }) => phase === 'handed_in').map(({ change_id }) => change_id),
  };
}

function movedVersions(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    return was === is ? [] : [{ name, ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }) }];
  });
}
