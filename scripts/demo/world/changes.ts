import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, openStore, type ProjectStore } from '@vivarium/changes';
import type { World } from '@vivarium/control-panel';
import { type ChangeRecord, changeIdOf, type NewChangeEvent, type Project } from '@vivarium/core';
import { aTaskNamed } from './tasks.ts';

/** What the script of changes needs of an open world. */
export type ChangeStage = Pick<World, 'paths' | 'store' | 'now' | 'whole'>;

const FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'invoice', type: 'module', version: '1.4.0' }, null, 2)}\n`,
  'README.md': '# Invoice\n\nSums, taxes and what is left to pay.\n',
  'src/round.js': `/** Cents of an amount, rounded. */
export function round(amount) {
  return Math.floor(amount * 100) / 100;
}
`,
  'src/sum.js': `import { round } from './round.js';

/** What the lines of an invoice come to. */
export const sum = (lines) => round(lines.reduce((total, { price, count }) => total + price * count, 0));
`,
  'test/sum.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from '../src/sum.js';

test('adds the lines', () => assert.equal(sum([{ price: 2, count: 3 }]), 6));
test('of nothing is nothing', () => assert.equal(sum([]), 0));
`,
};

/** A small repository with a bug in it, and the word of its person that residents may change it. */
export async function sampleProject(stage: ChangeStage, name = 'invoice'): Promise<{ project: Project; store: ProjectStore }> {
  const folder = join(stage.paths.root, 'projects', name);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=You', '-c', 'user.email=you@localhost', ...args], { cwd: folder, stdio: 'pipe' });
  for (const [path, text] of Object.entries(FILES)) put(join(folder, path), text);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  const settings = {
    path: folder,
    may_touch: ['src/**', 'test/**', 'docs/**', 'package.json'],
    tests_are: ['test/**'],
    suites: { unit: { argv: ['node', '--test', '--test-reporter=junit'], report: 'junit', only: 'paths' } },
    gates: ['vote', 'unit', 'integration'],
  };
  put(stage.paths.projectsFile, `${JSON.stringify({ version: 1, projects: { [name]: settings } }, null, 2)}\n`);
  const project = await stage.whole.projects.get(name);
  if (!project) throw new Error(JSON.stringify(await stage.whole.projects.check(name)));
  return { project, store: await openStore({ root: stage.paths.root }, project) };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export interface Proposed {
  readonly task_id: string;
  readonly title: string;
  readonly summary: string;
  readonly by: string;
  /** New texts by path; null: the file goes. */
  readonly edits: Readonly<Record<string, string | Buffer | null>>;
  readonly more?: Partial<Extract<NewChangeEvent, { event: 'change_handed_in' }>>;
}

/** A task, and the change that a resident hands in for it. */
export async function propose(
  stage: ChangeStage,
  { project, store }: Awaited<ReturnType<typeof sampleProject>>,
  proposed: Proposed,
): Promise<ChangeRecord> {
  const { task_id, title, summary, by, edits, more = {} } = proposed;
  await stage.store.add([aTaskNamed(task_id, { title, prompt: title, project: project.name, gates: true })], 'person:cli');
  const base = await store.fetchBase();
  const tree = await store.treeWith(base.tree, await changedIn(store, edits));
  const change_id = changeIdOf(task_id, 1);
  const about = { change_id, actor: by };
  const changes = await stage.whole.changes();
  await changes.tryRecord({
    ...{ event: 'project_seen', actor: 'runtime', project: project.name, config_sha256: project.policy_sha256 },
    ...{ branch: project.settings.branch, commit: base.commit },
  });
  await changes.record({
    ...{ ...about, event: 'change_opened', task_id, attempt: 1, project: project.name, executor: 'built-in', author_id: by },
    ...{ base_commit: base.commit, base_tree: base.tree, policy_sha256: project.policy_sha256 },
  });
  await changes.record({ ...about, event: 'work_saved', step: 1, tree });
  await changes.record({
    ...{ ...about, event: 'change_handed_in', title, summary, kind: 'fix', removed_tests: [], origins: [], tree },
    ...(await filesOf(store, project, base.tree, tree)),
    ...more,
  });
  return standing(stage, change_id);
}

async function changedIn(store: ProjectStore, edits: Proposed['edits']) {
  const changed = Object.entries(edits).map(async ([path, text]) =>
    text === null ? { path } : { path, after: { mode: '100644', oid: await store.write(Buffer.from(text)) } },
  );
  return Promise.all(changed);
}

/** A change as the log has it at this moment. */
export async function standing(stage: ChangeStage, change_id: string): Promise<ChangeRecord> {
  const changes = await stage.whole.changes();
  changes.refresh();
  const change = changes.change(change_id);
  if (!change) throw new Error(`There is no change ${change_id}`);
  return change;
}

/** What the runtime saw of a change: the tests by name on three trees, and its rules. */
export async function witness(
  stage: ChangeStage,
  { change_id, task_id, attempt, tree, base_tree }: ChangeRecord,
  results: Tests,
): Promise<void> {
  const changes = await stage.whole.changes();
  const names = Object.entries(results);
  const on = (at: number) => Object.fromEntries(names.flatMap(([name, all]) => (all[at] ? [[name, all[at]]] : [])));
  const artifact = async (name: string, trees: object) => {
    const bytes = JSON.stringify({ suite: 'unit', results: trees });
    return (await stage.whole.artifacts.put({ task_id, attempt, name, bytes })).artifact_id;
  };
  const check = { event: 'check_recorded', actor: 'runtime', change_id, suite: 'unit', decisive: false } as const;
  const [base, kept, frozen] = await Promise.all([
    artifact('tests.base.json', { base: on(0) }),
    artifact('tests.kept.json', { new: on(1) }),
    artifact('tests.frozen.json', { frozen: on(2) }),
  ]);
  const broken = names.filter(([, [before, after]]) => before === 'passed' && after !== 'passed').map(([name]) => name);
  await changes.record(
    {
      ...check,
      rule: 'tests.base',
      tree: base_tree,
      passed: true,
      detail: `${names.length} tests by name, twice the same`,
      artifact: base,
    },
    {
      ...check,
      rule: 'tests.kept',
      tree,
      passed: broken.length === 0,
      detail: broken.length === 0 ? 'every name is kept' : `lost: ${broken.join(', ')}`,
      artifact: kept,
    },
    { ...check, rule: 'tests.frozen', tree, passed: true, detail: "passes under the base's tests", artifact: frozen },
    { ...check, rule: 'tests.alive', tree, passed: true, detail: 'a planted failure was seen' },
    {
      event: 'check_recorded',
      actor: 'runtime',
      change_id,
      rule: 'change.paths',
      tree,
      passed: true,
      decisive: false,
      detail: 'inside may_touch',
    },
  );
}

/** By name: on the base, on the new tree, under the base's tests; undefined where it is not there. */
export type Tests = Readonly<Record<string, readonly (TestResult | undefined)[]>>;
type TestResult = 'passed' | 'failed' | 'skipped';

/** Take a change to the vote, and with votes for it through the gates; a vote against it ends it. */
export async function throughGates(
  stage: ChangeStage,
  change: ChangeRecord,
  votes: Readonly<Record<string, string>>,
  verdict: 'approved' | 'rejected' = 'approved',
): Promise<void> {
  const { task_id, title, summary, author_id = '', project, tree, entries_sha256, attempt } = change;
  const gates = await stage.whole.gates();
  const [runtime, patch] = [{ actor: 'runtime', change_id: task_id } as const, { tree, entries_sha256 }];
  const ballot_id = `vote_${task_id}`;
  await gates.record({
    ...{ ...runtime, ...patch, event: 'change_submitted', attempt, title, description: summary, author_id, excerpt: summary },
    ...{ ballot_id, project, stages: ['vote', 'unit', 'integration'] },
  });
  for (const [actor, reason] of Object.entries(votes))
    await gates.record({ event: 'vote_cast', actor, ballot_id, vote: verdict, reason });
  if (Object.keys(votes).length === 0) return;
  if (gates.state.ballots.get(ballot_id)?.status === 'pending')
    await gates.record({ event: 'ballot_closed', actor: 'runtime', ballot_id });
  if (verdict === 'rejected') return;
  const task_ids = [`int_${task_id}`];
  await gates.record({
    ...runtime,
    ...patch,
    event: 'result_recorded',
    test_type: 'unit',
    passed: true,
    details: 'every name is kept',
    integration_task_id: `int_${task_id}`,
  });
  await gates.record({ event: 'batch_created', actor: 'runtime', batch_id: `batch_${task_id}`, task_ids });
  await gates.record({
    event: 'batch_recorded',
    actor: 'runtime',
    batch_id: `batch_${task_id}`,
    passed: true,
    details: 'the branch with it passes',
    failed: {},
  });
}
