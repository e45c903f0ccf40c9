import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, type LandDeps, landChange, lookAtProject, openStore, recoverLanding, takeCheckpoint } from '@vivarium/changes';
import { type ChangeRecord, changeIdOf, giveApproval, loadConfig, type Project, type World } from '@vivarium/core';
import { openWorld } from '@vivarium/world';
import { git } from '../../contract/changes-kit.ts';

/** A workspace and a repository beside it, in a folder that can be put back to how it began. */
export interface Place {
  readonly folder: string;
  readonly workspace: string;
  readonly repository: string;
}

export const placeIn = (folder: string): Place => ({
  ...{ folder, workspace: join(folder, 'workspace'), repository: join(folder, 'project') },
});

const TASK = 'mend';
const BEGUN: Readonly<Record<string, string>> = {
  ...{ 'src/sum.js': 'bad\n', 'src/old.js': 'old\n', 'src/same.js': 'same\n', 'notes.md': 'notes\n', '.gitignore': 'out/\n' },
};
const EDITS: Readonly<Record<string, string | null>> = {
  ...{ 'src/sum.js': 'good\n', 'src/new/deep.js': 'new\n', 'src/new/er.js': 'newer\n', 'src/old.js': null },
};

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export const openAt = ({ workspace }: Place): Promise<World> =>
  openWorld(loadConfig({ env: { VIVARIUM_WORKSPACE: workspace, VIVARIUM_LOG_LEVEL: 'silent' }, cwd: workspace }), {
    isLocalServer: async () => false,
  });

async function projectOf(world: World): Promise<Project> {
  const project = await world.projects.get('sample');
  if (!project) throw new Error(JSON.stringify(await world.projects.check('sample')));
  return project;
}

/** A repository with work of the person in every state, and an approved change; `landed`: it is landed as well. */
export async function prepare(place: Place, landed: boolean): Promise<void> {
  const { workspace, repository } = place;
  put(repository, BEGUN);
  git(repository, ['init', '-q']);
  git(repository, ['add', '-A']);
  git(repository, ['commit', '-q', '-m', 'start']);
  put(repository, { 'staged.md': 'staged\n' });
  git(repository, ['add', 'staged.md']);
  put(repository, { 'notes.md': 'edited\n', 'staged.md': 'edited again\n', 'untracked.md': 'mine\n', 'out/x': 'ignored\n' });
  const settings = { path: repository, may_touch: ['**'], suites: { unit: { argv: ['node', '--test'], report: 'tap' } } };
  put(workspace, { 'config/projects.json': JSON.stringify({ version: 1, projects: { sample: settings } }) });
  const world = await openAt(place);
  await approve(world);
  if (landed) await landOnce(world);
  await world.close();
}

async function approve(world: World): Promise<void> {
  const [project, log] = [await projectOf(world), await world.changes()];
  const store = await openStore({ root: world.paths.root }, project);
  const base = await lookAtProject(store, log, project);
  const entries = await Promise.all(
    Object.entries(EDITS).map(async ([path, text]) => ({
      path,
      ...(text === null ? {} : { after: { mode: '100644', oid: await store.write(Buffer.from(text)) } }),
    })),
  );
  const tree = await store.treeWith(base.tree, entries);
  const change_id = changeIdOf(TASK, 1);
  const about = { actor: 'runtime', change_id } as const;
  await log.record({
    ...{ ...about, event: 'change_opened', task_id: TASK, attempt: 1, project: project.name, executor: 'built-in' },
    ...{ base_commit: base.commit, base_tree: base.tree, policy_sha256: project.policy_sha256, author_id: 'ada' },
  });
  await log.record({
    ...{ ...about, ...(await filesOf(store, project, base.tree, tree)), event: 'change_handed_in', tree, kind: 'fix' },
    ...{ title: 'Mend it', summary: 'It was broken.', removed_tests: [], origins: [] },
  });
  await giveApproval({ changes: log, clock: world.clock }, changeIn(log), project, 'human');
}

const changeIn = (log: Awaited<ReturnType<World['changes']>>): ChangeRecord => {
  const change = log.ofTask(TASK);
  if (!change) throw new Error('there is no change');
  return change;
};

/** What a worker does about the change: ends what was cut off, then lands what is not landed. */
export async function landOnce(world: World): Promise<string> {
  const [project, log] = [await projectOf(world), await world.changes()];
  const store = await openStore({ root: world.paths.root }, project);
  const { clock, workers } = world;
  const deps: LandDeps = {
    ...{ log, store, project, clock, by: `worker_${process.pid}`, owner: workers.self(), mayRun: () => true },
    isGone: ({ by, owner }) => by === `worker_${process.pid}` || !owner || workers.fateOf(owner) === 'dead',
    projectNow: () => world.projects.get(project.name),
    nameOf: () => 'Ada',
    checkpoint: () => takeCheckpoint(world, { automatic: true }),
  };
  await recoverLanding(deps);
  const change = changeIn(log);
  return change.phase === 'landed' ? 'landed' : (await landChange(deps, change)).kind;
}

/** Goes back to what was before the landing. */
export async function restoreOnce(world: World): Promise<string> {
  const log = await world.changes();
  await log.catchUp();
  const [first] = log.state.checkpoints.keys();
  const { same } = await world.checkpoints.restore(first ?? '', { including_mine: false });
  return same ? 'landed' : 'refused';
}

export function copyOf(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
