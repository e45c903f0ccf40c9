import { execFileSync } from 'node:child_process';
import type { ChangeRecord } from '@vivarium/core';
import { type ChangeStage, propose, sampleProject, standing, throughGates, witness } from './changes.ts';
import type { Stage } from './people.ts';
import { approveLanded, fail, holdToLand } from './tasks.ts';

const ROUND = `/** Cents of an amount; half a cent goes up. */
export function round(amount) {
  return Math.round((amount + Number.EPSILON) * 100) / 100;
}
`;
const ROUND_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { round } from '../src/round.js';

test('half a cent goes up', () => assert.equal(round(1.005), 1.01));
test('a third of a cent does not', () => assert.equal(round(1.003), 1));
`;
const SUM = `import { round } from './round.js';

/** What the lines of an invoice come to; a line without a count is one piece. */
export const sum = (lines) => round(lines.reduce((total, { price, count = 1 }) => total + price * count, 0));
`;
const SUM_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from '../src/sum.js';

test('adds the lines', () => assert.equal(sum([{ price: 2, count: 3 }]), 6));
test('of nothing is nothing', () => assert.equal(sum([]), 0));
test('a line without a count is one piece', () => assert.equal(sum([{ price: 2 }]), 2));
`;
const KEPT = ['passed', 'passed', 'passed'] as const;
const NEW = [undefined, 'passed', undefined] as const;

/** A repository with changes to it: one that landed, one that waits for the person's word, one that was turned down. */
export async function scriptChanges(stage: ChangeStage & Stage): Promise<void> {
  const sample = await sampleProject(stage);
  await landed(stage, sample);
  await waiting(stage, sample);
  await turnedDown(stage, sample);
}

type Sample = Awaited<ReturnType<typeof sampleProject>>;

async function landed(stage: ChangeStage & Stage, sample: Sample): Promise<void> {
  const change = await propose(stage, sample, {
    ...{ task_id: 'one-piece', by: 'ash', title: 'Take a line without a count as one piece' },
    summary: 'A line without a count made the whole sum NaN. It is one piece, and a test says so.',
    edits: { 'src/sum.js': SUM, 'test/sum.test.js': SUM_TEST },
    more: { origins: ['src/sum.js', 'test/sum.test.js'] },
  });
  await witness(stage, change, {
    'adds the lines': KEPT,
    'of nothing is nothing': KEPT,
    'a line without a count is one piece': NEW,
  });
  const votes = { juniper: 'The sum was NaN before, and is a number with it', moss: 'It changes one line and proves it' };
  await throughGates(stage, change, votes);
  await land(stage, sample, await standing(stage, change.change_id));
  await approveLanded(stage, 'one-piece', 'ash', change.summary);
}

async function waiting(stage: ChangeStage & Stage, sample: Sample): Promise<void> {
  const change = await propose(stage, sample, {
    ...{ task_id: 'half-a-cent', by: 'wren', title: 'Round half a cent up' },
    summary: 'Sums were cut at the cent, so that half a cent was lost. They are rounded, and half a cent goes up.',
    edits: {
      'src/round.js': ROUND,
      'test/round.test.js': ROUND_TEST,
      'docs/rounding.md': '# Rounding\n\nHalf a cent goes up.\n',
    },
    more: { origins: ['src/round.js', 'src/sum.js'] },
  });
  await witness(stage, change, {
    ...{ 'adds the lines': KEPT, 'of nothing is nothing': KEPT, 'a line without a count is one piece': KEPT },
    ...{ 'half a cent goes up': NEW, 'a third of a cent does not': NEW },
  });
  const votes = { sorrel: 'The test fails on the base and passes with it', moss: 'Half a cent up is what the guide says' };
  await throughGates(stage, change, votes);
  await holdToLand(stage, 'half-a-cent', 'wren', 'the change waits for your word');
}

async function turnedDown(stage: ChangeStage & Stage, sample: Sample): Promise<void> {
  const change = await propose(stage, sample, {
    ...{ task_id: 'fewer-tests', by: 'juniper', title: 'Take the slow tests away' },
    summary: 'One test is enough for sums.',
    edits: { 'test/sum.test.js': SUM_TEST.split('\n').slice(0, 5).join('\n') },
  });
  const gone = ['passed', undefined, 'passed'] as const;
  await witness(stage, change, {
    'adds the lines': KEPT,
    'of nothing is nothing': gone,
    'a line without a count is one piece': gone,
  });
  const votes = { ash: 'It takes away what proves the change before it', moss: 'No reason is given for the loss' };
  await throughGates(stage, change, votes, 'rejected');
  await fail(stage, 'fewer-tests', 'juniper', 'The vote turned its change down');
}

/** The person's yes, and the landing that follows it: the same steps in the log, and the commit in the repository. */
async function land(stage: ChangeStage, { project, store }: Sample, change: ChangeRecord): Promise<void> {
  const { change_id, task_id, attempt, entries_sha256, tree, base_tree, base_commit: from_commit, policy_sha256, tier } = change;
  const changes = await stage.whole.changes();
  const [approval_id, checkpoint_id, landing_id] = [`apr_${task_id}`, `cp_${task_id}`, `land_${task_id}`];
  await changes.record({
    ...{ event: 'approval_given', actor: 'human', change_id, approval_id, project: project.name, attempt, entries_sha256, tree },
    ...{ base_tree, policy_sha256, tier, mode: 'same_files', by: 'human', expires_at: inAWeek(stage.now()) },
  });
  await changes.record({
    ...{ event: 'checkpoint_taken', actor: 'runtime', checkpoint_id, automatic: true, versions: {}, positions: {} },
    trees: [{ project: project.name, commit: from_commit, tree: base_tree }],
  });
  const to_commit = await store.commit({
    tree,
    parents: [from_commit],
    ...AUTHORED,
    message: `${change.title}\n`,
    at: stage.now().toISOString(),
  });
  await store.keep(`refs/changes/${change_id}`, to_commit);
  const by = { actor: 'runtime', landing_id, by: 'demo', epoch: 1 } as const;
  const paths = change.files.map(({ path }) => path);
  await changes.record({
    ...{ ...by, event: 'landing_started', project: project.name, approval_id, change_id, checkpoint_id, paths },
    ...{ from_commit, to_commit, to_tree: tree },
  });
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: project.settings.path, stdio: 'pipe' });
  git('fetch', '--quiet', store.gitDir, `refs/changes/${change_id}`);
  git('merge', '--quiet', '--ff-only', to_commit);
  await changes.record({ ...by, event: 'landing_finished', ok: true });
}

const AUTHORED = { author: { name: 'Ash', email: 'ash@vivarium.invalid' } };
const inAWeek = (now: Date): string => new Date(now.getTime() + 7 * 86_400_000).toISOString();
