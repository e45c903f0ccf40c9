/** What happens to changes to a project at the gates: nothing that is wrong lands, and everything that is right does, once. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveChange, openProjects, openStore } from '@vivarium/changes';
import { openChanges } from '@vivarium/core';
import type { ScriptedCall } from '@vivarium/core/testing';
import { findTools } from '@vivarium/sandbox';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { commitAll } from '../contract/changes-kit.ts';
import { MEND } from '../e2e/change-kit.ts';
import { REPOSITORY } from '../e2e/worker-kit.ts';
import { aChangesWorld, acting, type ChangesWorld } from './changes-kit.ts';

let world: ChangesWorld;
afterEach(() => world?.close());

const GATES = { gates: ['unit', 'integration'] };
const task = (id: string, more: object = {}) => ({
  id,
  prompt: `Change it: ${id}`,
  project: 'sample',
  kind: 'chore',
  gates: true,
  ...more,
});

/** Each task's author does what its script says: it is that of the task that is asked for last, after whatever is remembered. */
const byTask = (scripts: Readonly<Record<string, Script | ((asked: string) => Script)>>) =>
  acting([], undefined, (asked) => {
    const last = (id: string) => asked.lastIndexOf(`Change it: ${id}`);
    const [id] = Object.keys(scripts).sort((a, b) => last(b) - last(a));
    const script = id === undefined || last(id) < 0 ? undefined : scripts[id];
    return typeof script === 'function' ? script(asked) : script;
  });
type Script = readonly ScriptedCall[][];

const writes = (path: string, content: string): ScriptedCall[][] => [
  [['create_file', { path, content }]],
  [['hand_in', { title: `Write ${path}`, summary: 'As asked.', kind: 'chore' }]],
];
const edits = (path: string, old: string, now: string): ScriptedCall[][] => [
  [['edit_file', { path, edits: [{ old, new: now }] }]],
  [['hand_in', { title: `Edit ${path}`, summary: 'As asked.', kind: 'chore' }]],
];
const twice = (name: string) => `export const ${name} = (n) => n * 2;\n`;

describe.skipIf(findTools().bwrap === undefined)('changes at the gates', () => {
  it('lands the first of two on the same line and sends the second round with both sides', async () => {
    world = await aChangesWorld(
      byTask({
        one: edits('src/sum.mjs', 'a - b', 'a + b'),
        two: (asked) => edits('src/sum.mjs', asked.includes('conflicts') ? 'a + b' : 'a - b', 'b + a'),
      }),
      GATES,
    );
    await world.run([task('one'), task('two')], 1);
    for (const id of ['one', 'two']) if ((await world.record(id)).gate?.kind === 'land') await world.approve(id);
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
    const two = await world.record('two');
    expect(two).toMatchObject({ attempt: 2, gate: { kind: 'land' } });
    const told = two.reasons.join('\n');
    for (const side of [/conflicts with .* in src\/sum\.mjs/, '=> a + b;', '=> b + a;']) expect(told).toMatch(side);
    await world.approve('two');
    await world.run([]);
    expect((await world.record('two')).status).toBe('approved');
    expect(world.text('src/sum.mjs')).toContain('b + a');
  });

  it('lands several of a batch one after the other without testing them again, and keeps a bad one out', async () => {
    const bad = edits('src/sum.mjs', 'a - b', 'a - b - 1');
    world = await aChangesWorld(
      byTask({ one: writes('src/one.mjs', twice('one')), two: bad, three: writes('src/three.mjs', twice('three')) }),
      GATES,
    );
    await world.run([task('one'), task('two'), task('three')]);
    for (const id of ['one', 'three']) await world.approve(id);
    await world.run([]);
    expect([(await world.record('one')).status, (await world.record('three')).status]).toEqual(['approved', 'approved']);
    expect(existsSync(join(world.repository, 'src/three.mjs'))).toBe(true);
    expect((await world.change('two', 1))?.phase).toBe('rejected');
    expect(world.text('src/sum.mjs')).toContain('a - b;');
    expect(world.git('status', '--porcelain')).toBe('');
  });

  it('merges a change anew when the person went on, and lands it on that', async () => {
    world = await aChangesWorld(byTask({ one: writes('src/one.mjs', twice('one')) }), GATES);
    await world.run([task('one')]);
    writeFileSync(join(world.repository, 'src/mine.mjs'), 'export {};\n');
    const mine = commitAll(world.repository, 'mine');
    await world.approve('one');
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
    expect(world.git('rev-parse', 'HEAD^').trim()).toBe(mine);
  });

  it('tests anew what another worker merged anew and had no time to tell of', async () => {
    world = await aChangesWorld(byTask({ one: writes('src/one.mjs', twice('one')) }), GATES);
    await world.run([task('one')]);
    writeFileSync(join(world.repository, 'src/mine.mjs'), 'export {};\n');
    commitAll(world.repository, 'mine');
    await world.approve('one');
    const { paths, root } = world.world;
    const project = await openProjects({ paths, installation: REPOSITORY }).get('sample');
    const changes = await openChanges({ backend: fileBackend(paths) });
    const change = changes.ofTask('one');
    if (!project || !change) return expect.fail('nothing to merge');
    const moved = await moveChange({ store: await openStore({ root }, project), changes, project }, change);
    await changes.close();
    expect(moved.kind).toBe('moved');
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
    const tested = (await world.world.lines('.swarm/quality_gates.jsonl')).filter(({ test_type }) => test_type === 'unit');
    expect(new Set(tested.map(({ tree }) => tree)).size).toBe(2);
  });

  it('leaves a patch where the project lands nothing', async () => {
    world = await aChangesWorld(byTask({ one: writes('src/one.mjs', twice('one')) }), { ...GATES, land: 'patch' });
    await world.run([task('one')]);
    await world.approve('one');
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
    expect(existsSync(join(world.repository, 'src/one.mjs'))).toBe(false);
    const { change_id } = (await world.change('one')) ?? expect.fail('no change');
    const patch = join(world.world.root, '.swarm/changes/sample/patches', `${change_id}.patch`);
    expect(readFileSync(patch, 'utf8')).toContain('+export const one');
  });

  it('lands by itself what only a person could set to land by itself, and never what asks', async () => {
    world = await aChangesWorld(
      byTask({ one: writes('src/one.mjs', twice('one')), two: writes('test/two.test.mjs', 'export {};\n') }),
      { ...GATES, land: 'auto' },
    );
    await world.run([task('one'), task('two')]);
    expect((await world.record('one')).status).toBe('approved');
    expect((await world.record('two')).gate).toMatchObject({ kind: 'land', next_mover: 'person' });
  });

  it('holds for edits that are in the way, and goes on once the person says so', async () => {
    world = await aChangesWorld(byTask({ one: edits('src/sum.mjs', 'a - b', 'a + b') }), GATES);
    await world.run([task('one')]);
    writeFileSync(join(world.repository, 'src/sum.mjs'), 'mine\n');
    await world.approve('one');
    await world.run([]);
    expect((await world.record('one')).gate).toMatchObject({
      kind: 'land',
      next_mover: 'person',
      reason: expect.stringContaining('src/sum.mjs'),
    });
    expect(world.text('src/sum.mjs')).toBe('mine\n');
    world.git('checkout', '--', 'src/sum.mjs');
    await world.cli('change', 'retry', 'one');
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
  });

  it.each([
    ['its review', (body: object) => !('tools' in body) && JSON.stringify(body).includes('critic_verdict')],
    ['its QA', (body: object) => JSON.stringify(body).includes('fails if this change is wrong')],
  ])('goes round with the reason when the person rejects it during %s', async (_when, isThen) => {
    const script = writes('src/one.mjs', twice('one'));
    const follow = acting(script);
    let said: Awaited<ReturnType<ChangesWorld['cli']>> | undefined;
    world = await aChangesWorld(
      async (request) => {
        if (said === undefined && isThen(request.body))
          said = await world.cli('change', 'reject', 'one', '--reason', 'it doubles');
        return follow(request);
      },
      { gates: ['qa', 'unit', 'integration'] },
    );
    await world.run([task('one')]);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('rejected') });
    expect(await world.change('one', 1)).toMatchObject({ phase: 'rejected', reasons: ['it doubles'] });
    const record = await world.record('one');
    expect([record.attempt, JSON.stringify(record.reasons)]).toEqual([2, expect.stringContaining('it doubles')]);
    const asked = world.model.requests.map(({ body }) => JSON.stringify(body));
    expect(asked.some((body) => body.includes('it doubles'))).toBe(true);
  });

  it('never lands what was cancelled, however it was approved', async () => {
    world = await aChangesWorld(byTask({ one: writes('src/one.mjs', twice('one')) }), GATES);
    await world.run([task('one')]);
    await world.approve('one');
    await world.cli('cancel', 'one');
    await world.run([]);
    expect((await world.change('one'))?.phase).not.toBe('landed');
    expect(existsSync(join(world.repository, 'src/one.mjs'))).toBe(false);
  });

  it('goes round with the reasons of the jurors who turned it down, whom nobody told whose it is', async () => {
    const ballot = { vote: 'rejected', reason: 'It also writes a file that nobody asked for.' };
    const script = writes('src/one.mjs', twice('one'));
    world = await aChangesWorld(acting(script, undefined, undefined, ballot), { gates: ['vote', 'unit', 'integration'] });
    await world.run([task('one')]);
    const asked = world.model.requests.map(({ body }) => JSON.stringify(body)).filter((body) => body.includes('your ballot'));
    expect(asked.length).toBeGreaterThanOrEqual(2);
    const { author_id = '?' } = (await world.change('one', 1)) ?? {};
    for (const body of asked) expect(body).not.toMatch(new RegExp(`\\b${author_id}\\b|built-in`));
    expect(await world.change('one', 1)).toMatchObject({ phase: 'rejected' });
    expect(JSON.stringify((await world.record('one')).reasons)).toContain('a file that nobody asked for');
  });

  it('fails, with that said, when nothing is ever handed in', async () => {
    world = await aChangesWorld(() => 'All tests passed. The change is complete and handed in.', GATES);
    const [record] = await world.run([task('one')]);
    expect(record).toMatchObject({ status: 'failed' });
    expect(record?.reasons.join('\n')).toContain('nothing was handed in');
    expect(world.git('log', '--oneline').trim().split('\n')).toHaveLength(1);
  });

  it('asks the QA again for a test that shows nothing, then the person', async () => {
    const useless: ScriptedCall[][] = [
      [['create_file', { path: 'test/qa.test.mjs', content: "import { test } from 'node:test';\ntest('nothing', () => {});\n" }]],
      [['hand_in', { title: 'Test', summary: 'A test.', kind: 'test' }]],
    ];
    world = await aChangesWorld(acting(MEND, useless), { gates: ['qa', 'unit', 'integration'] });
    await world.run([task('one', { kind: 'fix' })]);
    expect((await world.record('one')).gate).toMatchObject({
      next_mover: 'person',
      reason: expect.stringContaining('brought no test'),
    });
    await world.approve('one');
    await world.run([]);
    expect((await world.record('one')).status).toBe('approved');
  });
});
