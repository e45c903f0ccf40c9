/** Changes to projects at the panel's door: read by anybody here, decided by the person about exactly what was shown. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { propose, sampleProject, standing, throughGates, witness } from '../../scripts/demo/world/changes.ts';
import { ask, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
let sample: Awaited<ReturnType<typeof sampleProject>>;
beforeEach(async () => {
  panel = await testPanel();
  sample = await sampleProject(panel.world);
});
afterEach(() => panel.remove());

const get = async (path: string) => {
  const { status, json } = await ask(panel.port, path);
  return { status, ...json };
};
const change = (task_id: string, edits: Record<string, string | Buffer | null>, more: object = {}) =>
  propose(panel.world, sample, { task_id, title: `Do ${task_id}`, summary: 'It says why.', by: 'wren', edits, ...more });
const ROUND = 'export const round = (amount) => Math.round(amount * 100) / 100;\n';

describe('The list of changes', () => {
  it('has every change, the newest first, by state, by project and a page at a time', async () => {
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push((await change(name, { [`src/${name}.js`]: '1;\n' })).change_id);
    await throughGates(panel.world, await standing(panel.world, ids[1]!), { ash: 'It says what it does' });
    const page = async (query: string) =>
      (await get(`/api/changes${query}`)).changes.map(({ task_id }: { task_id: string }) => task_id);
    expect(await page('')).toEqual(['c', 'b', 'a']);
    expect(await page('?state=ready_for_merge')).toEqual(['b']);
    expect(await page('?state=handed_in,ready_for_merge&limit=2')).toEqual(['c', 'b']);
    expect(await page(`?limit=1&cursor=${ids[1]}`)).toEqual(['a']);
    expect(await page('?project=other')).toEqual([]);
    expect((await get('/api/changes?limit=1')).counts).toEqual({ handed_in: 2, ready_for_merge: 1 });
  });

  it.each([
    ['?state=done', 'state', /ready_for_merge/],
    ['?limit=0', 'limit', /1/],
    ['?limit=x', 'limit', /number/],
  ])('says of %s which field is at fault', async (query, field, words) => {
    const { status, errors } = await get(`/api/changes${query}`);
    expect([status, errors]).toEqual([400, [{ field, message: expect.stringMatching(words) }]]);
  });

  it('tells everybody who follows when something happened to one', async () => {
    const before = (await get('/api/events')).seq;
    const { change_id } = await change('a', { 'src/a.js': '1;\n' });
    await expect
      .poll(async () => (await get(`/api/events?after=${before}`)).events, { timeout: 10_000 })
      .toContainEqual(expect.objectContaining({ kind: 'society', topic: 'changes', id: change_id }));
  });
});

describe('One change', () => {
  it('is found by its own id and by its task, with all that speaks for it', async () => {
    const made = await change('mend', { 'src/round.js': ROUND, 'test/round.test.js': 'test\n', 'docs/round.md': 'Half up\n' });
    await witness(panel.world, made, {
      'adds the lines': ['passed', 'passed', 'passed'],
      'rounds half up': [undefined, 'passed', undefined],
      'of nothing': ['passed', 'failed', 'skipped'],
    });
    await throughGates(panel.world, made, { ash: 'Half a cent goes up, as taxes want it' });
    const found = await get(`/api/changes/${made.change_id}`);
    expect(await get('/api/changes/mend')).toEqual(found);
    expect(found).toMatchObject({
      ...{ state: 'ready_for_merge', tier: 'B', project: 'invoice', author: 'wren', mode: 'same_files', attempt: 1 },
      files: [
        { path: 'docs/round.md', change: 'added', tier: 'D', test: false },
        { path: 'src/round.js', change: 'modified', tier: 'C', before: { mode: '100644' } },
        { path: 'test/round.test.js', change: 'added', tier: 'B', test: true },
      ],
      gates: [{ gate: 'vote', verdict: 'passed', by: ['ash'] }, { gate: 'unit' }, { gate: 'integration' }],
    });
    const cells = found.matrix.rows.map((row: Record<string, string>) => [row['name'], row['base'], row['new'], row['frozen']]);
    expect(cells).toEqual([
      ['of nothing', 'passed', 'failed', 'skipped'],
      ['rounds half up', 'missing', 'passed', 'missing'],
      ['adds the lines', 'passed', 'passed', 'passed'],
    ]);
    expect(found.history.map(({ text }: { text: string }) => text).join('\n')).toMatch(
      /begins on invoice.*\nstep 1 is saved.*\nit is handed in, 3 files/,
    );
  });

  it.each(['/api/changes/nobody', '/api/changes/chg_0000000000', '/api/changes/nobody/diff', '/api/changes/__proto__'])(
    '%s is none',
    async (path) => expect(await get(path)).toMatchObject({ status: 404, code: 'VIV_CHANGE_NOT_FOUND', fix: expect.any(String) }),
  );

  it('shows its files line by line, and what is no text or too large by size and hash alone', async () => {
    await change('mend', {
      'src/round.js': ROUND,
      'src/sum.js': null,
      'src/logo.bin': Buffer.from([0, 1, 2, 255]),
      'docs/large.md': 'x\n'.repeat(300_000),
      'docs/odd.md': 'a\u202eb\r\nno end',
    });
    const { files } = await get('/api/changes/mend/diff');
    const of = (path: string) => files.find((file: { path: string }) => file.path === path);
    expect(files).toHaveLength(5);
    expect(of('src/round.js').hunks[0].lines).toContainEqual({ sign: '+', text: ROUND.trimEnd() });
    expect(of('src/sum.js').hunks[0].lines.every(({ sign }: { sign: string }) => sign === '-')).toBe(true);
    expect(of('docs/odd.md')).toMatchObject({
      unended: ['after'],
      hunks: [{ lines: [{ text: 'a\u202eb\r' }, { text: 'no end' }] }],
    });
    expect(of('src/logo.bin')).toEqual({ path: 'src/logo.bin', shown_as: 'binary', unended: [] });
    expect(of('docs/large.md')).toEqual({ path: 'docs/large.md', shown_as: 'too_large', unended: [] });
  });

  it('sends what is long file by file', async () => {
    await change('long', Object.fromEntries(['a', 'b', 'c'].map((name) => [`src/${name}.js`, '1;\n'.repeat(9_000)])));
    const { files } = await get('/api/changes/long/diff');
    expect(files.map((file: { shown_as: string }) => file.shown_as)).toEqual(['text', 'text', 'later']);
    const alone = (await get('/api/changes/long/diff?path=src/c.js')).files;
    expect([alone.length, alone[0].hunks[0].lines.length]).toEqual([1, 9_000]);
    expect(await get('/api/changes/long/diff?path=src/d.js')).toMatchObject({ status: 400, errors: [{ field: 'path' }] });
  });

  it('is read though its paths look like patterns or options of git', async () => {
    const edits = Object.fromEntries(['src/*.js', 'src/:(top)a', 'src/-p', 'src/ä b"c.js'].map((path) => [path, `${path}\n`]));
    await change('odd', edits);
    const { files } = await get('/api/changes/odd/diff');
    expect(
      files.map(({ path, hunks }: { path: string; hunks: { lines: { text: string }[] }[] }) => hunks[0]?.lines[0]?.text === path),
    ).toEqual([true, true, true, true]);
  });
});

describe("The person's word", () => {
  const approve = (id: string, body: object) => write(panel, `/api/changes/${id}/approve`, body);

  it('is taken for exactly what was shown', async () => {
    const { change_id, entries_sha256, tree } = await change('mend', { 'src/round.js': ROUND });
    expect((await approve(change_id, { entries_sha256, tree })).json).toMatchObject({ success: true, change_id });
    expect(await get('/api/changes/mend')).toMatchObject({ approval: { entries_sha256, tree } });
    expect((await get('/api/changes')).changes[0].approved).toBe(true);
  });

  it('is refused with 409 once the change moved, and nothing is approved', async () => {
    const { change_id, entries_sha256, tree } = await change('mend', { 'src/round.js': ROUND });
    for (const other of [
      { entries_sha256: '0'.repeat(64), tree },
      { entries_sha256, tree: '0'.repeat(40) },
    ]) {
      const { status, json } = await approve(change_id, other);
      expect([status, json.code]).toEqual([409, 'VIV_CHANGE_MOVED']);
    }
    expect((await get('/api/changes/mend')).approval).toBeUndefined();
  });

  it.each([
    ['nothing', {}, 'entries_sha256'],
    ['a hash that is too short', { entries_sha256: 'abcdef' }, 'entries_sha256'],
    ['a tree that is none', { entries_sha256: '0'.repeat(64), tree: 'main' }, 'tree'],
  ])('that repeats %s is refused by its field', async (_what, body, field) => {
    const { change_id } = await change('mend', { 'src/round.js': ROUND });
    const { status, json } = await approve(change_id, body);
    expect([status, json.errors?.[0]?.field]).toEqual([400, field]);
  });

  it('needs a reason to be no', async () => {
    const { change_id } = await change('mend', { 'src/round.js': ROUND });
    const reject = (reason: string) => write(panel, `/api/changes/${change_id}/reject`, { reason });
    expect((await reject('  ')).json).toMatchObject({ errors: [{ field: 'reason' }] });
    expect((await reject('It rounds twice')).json).toMatchObject({ success: true, state: 'rejected' });
    expect((await get('/api/changes/mend')).reasons.join(' ')).toContain('It rounds twice');
  });
});

it('Executors are told with what each needs, the built-in one first', async () => {
  const { executors, findings } = await get('/api/executors');
  expect(findings).toEqual([]);
  expect(executors[0]).toEqual({ name: 'built-in', state: 'ready', tried: [] });
  expect(executors).toContainEqual(expect.objectContaining({ name: 'pi', state: 'no_folder', protocol: 'chat' }));
});

describe('Projects', () => {
  it('are told as the person allows them, with what became of their changes', async () => {
    await change('mend', { 'src/round.js': ROUND });
    const { projects, findings } = await get('/api/projects');
    expect(findings).toEqual([]);
    expect(projects).toMatchObject([
      { name: 'invoice', settings: { land: 'ask' }, open_changes: 1, ready_changes: 0, landing: false },
    ]);
  });

  it('that are wrong are told by field, with what helps', async () => {
    writeFileSync(panel.world.paths.projectsFile, '{"version": 1, "projects": {"invoice": {"path": "relative", "suites": {}}}}');
    const { projects, findings } = await get('/api/projects');
    expect(projects).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({ field: expect.stringMatching(/^projects\.invoice\./), fix: expect.any(String) }),
    );
  });
});
