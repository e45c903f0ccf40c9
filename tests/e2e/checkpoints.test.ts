/** Ways back, at the panel's door and on the command line: kept, looked at, gone back to byte for byte, tried. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type LandDeps, landChange, takeCheckpoint } from '@vivarium/changes';
import { giveApproval } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { propose, sampleProject } from '../../scripts/demo/world/changes.ts';
import { cliHere } from './cli-here.ts';
import { ask, type TestPanel, testPanel, write } from './panel-kit.ts';
import { git } from './projects-kit.ts';

let panel: TestPanel;
let sample: Awaited<ReturnType<typeof sampleProject>>;
let folder: string;
beforeEach(async () => {
  panel = await testPanel();
  sample = await sampleProject(panel.world);
  folder = sample.project.settings.path;
});
afterEach(() => panel.remove());

const get = async (path: string) => (await ask(panel.port, path)).json;
const post = async (path: string, body: object) => {
  const { status, json } = await write(panel, path, body);
  return { status, ...json };
};
const take = async (note: string) => (await post('/api/checkpoints', { note })).checkpoint_id;
const tree = () => git(folder, 'rev-parse', 'main^{tree}').trim();
const head = () => git(folder, 'rev-parse', 'main').trim();
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const status = () => git(folder, 'status', '--porcelain', '-uall');

/** A resident's change, approved and landed, with a checkpoint before it. */
async function landed(task_id: string, edits: Record<string, string | null>) {
  const { whole, store } = panel.world;
  const change = await propose(panel.world, sample, { task_id, title: `Do ${task_id}`, summary: 'Why.', by: 'wren', edits });
  const log = await whole.changes();
  await giveApproval({ changes: log, clock: whole.clock }, change, sample.project, 'human');
  const deps: LandDeps = {
    ...{ log, store: sample.store, project: sample.project, clock: whole.clock, by: 'worker_1', owner: whole.workers.self() },
    ...{ mayRun: () => true, isGone: () => false, projectNow: async () => sample.project, nameOf: () => 'Wren' },
    checkpoint: () => takeCheckpoint(whole, { automatic: true }),
  };
  expect(await landChange(deps, log.change(change.change_id) ?? change)).toMatchObject({ kind: 'landed' });
  store.refresh();
  return change;
}

function commit(path: string, text: string | null): void {
  if (text === null) rmSync(join(folder, path));
  else writeFileSync(join(folder, path), text);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', `edit ${path}`);
}

describe('A checkpoint', () => {
  it('is taken by hand and before each landing, and what landed is taken back by a new commit with its very tree', async () => {
    const before = { tree: tree(), sum: read('src/sum.js') };
    const change = await landed('mend', { 'src/sum.js': 'export {};\n', 'src/new/deep.js': '1;\n', 'src/round.js': null });
    const [row] = (await get('/api/checkpoints')).checkpoints;
    expect(row).toMatchObject({ automatic: true, before: { change_id: change.change_id, landed: true }, restores: [] });
    const from = head();
    writeFileSync(join(folder, 'mine.md'), 'mine\n');
    const preview = await get(`/api/checkpoints/${row.checkpoint_id}/preview`);
    expect(preview.projects).toMatchObject([
      {
        ...{ project: 'invoice', same: false, needs_including_mine: false, rewritten: false },
        commits: [{ by: 'vivarium', change_id: change.change_id, task_id: 'mend' }],
        files: [
          { path: 'src/new/deep.js', change: 'deleted' },
          { path: 'src/round.js', change: 'added' },
          { path: 'src/sum.js', change: 'modified' },
        ],
      },
    ]);
    expect(head()).toBe(from);
    const answer = await post(`/api/checkpoints/${row.checkpoint_id}/restore`, {});
    expect(answer).toMatchObject({ status: 200, same: true, landed: [{ project: 'invoice', commit: head() }] });
    expect([tree(), git(folder, 'rev-parse', 'main^').trim(), read('src/sum.js')]).toEqual([before.tree, from, before.sum]);
    expect(status()).toBe('?? mine.md\n');
    expect(git(folder, 'log', '-1', '--format=%an|%cn|%B')).toMatch(/^Vivarium\|Vivarium\|Restore .*\n\nVivarium-Restore: rst_/);
    expect((await get('/api/checkpoints')).checkpoints).toMatchObject([
      { automatic: true, note: expect.stringContaining('restored'), before: { restore_id: answer.restore_id, landed: true } },
      { restores: [{ restore_id: answer.restore_id, same: true }] },
    ]);
    const again = await post(`/api/checkpoints/${row.checkpoint_id}/restore`, {});
    expect(again).toMatchObject({ same: true, landed: [] });
  });

  it("takes work of the person's back only when that is said", async () => {
    const id = await take('before I began');
    const was = tree();
    commit('mine.md', 'mine\n');
    const refused = await post(`/api/checkpoints/${id}/restore`, {});
    expect(refused).toMatchObject({ status: 409, code: 'VIV_RESTORE_REFUSED', error: expect.stringContaining('edit mine.md') });
    expect(read('mine.md')).toBe('mine\n');
    expect(await post(`/api/checkpoints/${id}/restore`, { including_mine: true })).toMatchObject({ status: 200, same: true });
    expect([tree(), status()]).toEqual([was, '']);
    const back = (await get('/api/checkpoints?limit=1')).checkpoints[0].checkpoint_id;
    expect(await post(`/api/checkpoints/${back}/restore`, {})).toMatchObject({ same: true });
    expect(read('mine.md')).toBe('mine\n');
  });

  it.each<[string, () => void, RegExp]>([
    ['an edit that is not committed', () => writeFileSync(join(folder, 'src/sum.js'), 'mine\n'), /src\/sum\.js/],
    ['a merge under way', () => writeFileSync(join(folder, '.git/MERGE_HEAD'), head()), /a merge is under way/],
    ['another branch', () => git(folder, 'checkout', '-q', '-b', 'other'), /not checked out/],
    ['a repository that is gone', () => rmSync(join(folder, '.git'), { recursive: true }), /git/],
  ])('is not gone back to over %s', async (_what, trouble, words) => {
    const id = await take('before');
    await landed('mend', { 'src/sum.js': 'export {};\n' });
    trouble();
    const { status: code, error } = await post(`/api/checkpoints/${id}/restore`, {});
    expect([code, error]).toEqual([409, expect.stringMatching(words)]);
    const log = await panel.world.whole.changes();
    expect([...log.state.restores.values()]).toEqual([]);
  });

  it('marks what waits behind, which is verified again, and uses no yes twice', async () => {
    const id = await take('before');
    const done = await landed('mend', { 'src/sum.js': 'export {};\n' });
    const waits = await propose(panel.world, sample, {
      ...{ task_id: 'next', title: 'Next', summary: 'Why.', by: 'wren', edits: { 'src/next.js': '1;\n' } },
    });
    const answer = await post(`/api/checkpoints/${id}/restore`, {});
    expect(answer).toMatchObject({ same: true, behind: [waits.change_id] });
    expect((await get('/api/changes/next')).behind).toContain(id);
    const log = await panel.world.whole.changes();
    expect(log.change(done.change_id)).toMatchObject({ phase: 'landed' });
    const approval = log.change(done.change_id)?.approval;
    expect(
      await log.tryRecord({
        ...{ event: 'landing_started', actor: 'runtime', landing_id: 'again', project: 'invoice', change_id: done.change_id },
        ...{ from_commit: head(), to_commit: head(), to_tree: done.tree, checkpoint_id: id, paths: [], by: 'w', epoch: 1 },
        ...(approval ? { approval_id: approval.approval_id } : {}),
      }),
    ).toBe(false);
  });

  it.each(['/api/checkpoints/none/preview', '/api/checkpoints/__proto__/preview'])('%s is none', async (path) => {
    expect(await ask(panel.port, path)).toMatchObject({ status: 404, json: { code: 'VIV_CHECKPOINT_NOT_FOUND' } });
  });
});

const full = process.env['VIVARIUM_CHANGES'] === 'full';

it('every restore gives the very tree and files, whatever was done in between', { timeout: 600_000 }, async () => {
  for (let round = 0; round < (full ? 100 : 4); round += 1) {
    const { checkpoint_id: id } = await panel.world.whole.checkpoints.take({ automatic: false });
    const was = [tree(), git(folder, 'ls-files', '--stage')];
    for (let n = 0; n <= round % 3; n += 1) commit(`src/r${(round * 7 + n) % 5}.js`, `${round} ${n}\n`);
    if (round % 2 === 0) commit(`src/r${(round * 7) % 5}.js`, null);
    expect(await panel.world.whole.checkpoints.restore(id, { including_mine: true })).toMatchObject({ same: true });
    expect([[tree(), git(folder, 'ls-files', '--stage')], status()]).toEqual([was, '']);
    if (round % 4 === 3) commit(`src/r${round % 5}.js`, `kept ${round}\n`);
  }
});

describe('On the command line', () => {
  const cli = (...args: string[]) => cliHere({ root: panel.workspace }, ['checkpoint', ...args]);
  const json = async (...args: string[]) => {
    const { code, stdout } = await cli(...args, '--json');
    return { code, ...JSON.parse(stdout) };
  };

  it('the whole way is there', async () => {
    const { checkpoint_id: id } = await json('take', '--note', 'before I began');
    commit('src/sum.js', null);
    expect((await cli('list')).stdout).toContain(`${id}  `);
    expect(await json('show', id)).toMatchObject({ note: 'before I began', trees: [{ project: 'invoice' }] });
    expect((await cli('preview', id)).stdout).toMatch(/added src\/sum\.js\n.*NOT of Vivarium.*\n.*--including-mine/);
    expect(await cli('restore', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('--including-mine') });
    expect(await json('restore', id, '--including-mine')).toMatchObject({ code: 0, same: true });
    expect([status(), read('src/sum.js').length > 0]).toEqual(['', true]);
    expect(await cli('restore', 'cp_none')).toMatchObject({ code: 3, stderr: expect.stringContaining('checkpoint list') });
    expect(await cli('restore', id, '--project', 'other')).toMatchObject({ code: 1, stderr: expect.stringContaining('invoice') });
  });

  it('a drill tells whether the way back holds, and finds what is not whole', async () => {
    const { checkpoint_id: id } = await json('take');
    const before = { head: head(), status: status() };
    expect(await json('drill')).toMatchObject({ code: 0, passed: true, drills: [{ project: 'invoice', passed: true }] });
    expect({ head: head(), status: status() }).toEqual(before);
    const oid = git(folder, 'rev-parse', 'main:src/sum.js').trim();
    const object = join(sample.store.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
    const whole = readFileSync(object);
    chmodSync(object, 0o644);
    writeFileSync(object, deflateSync('blob 4\0bad\n'));
    expect(await json('drill')).toMatchObject({ code: 1, passed: false });
    writeFileSync(object, whole);
    expect(await json('drill')).toMatchObject({ code: 0, passed: true });
    await sample.store.drop(`refs/checkpoints/${id}`);
    const failed = await cli('drill');
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining(id)]);
    expect((await get('/api/projects')).projects[0].last_drill).toMatchObject({ passed: false });
  });
});
