import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openWorkArea, sweepWorkAreas, type WorkArea } from '@vivarium/changes';
import type { ProjectSettings } from '@vivarium/core';
import { afterAll, describe, expect, it } from 'vitest';
import { aBench, type Bench, type Files, git, writeFiles } from './changes-kit.ts';

const FILES: Files = {
  'src/a.ts': 'a\n',
  'src/deep/b.ts': 'b\n',
  'docs/readme.md': 'r\n',
  'legacy/old.ts': 'old\n',
  'fixtures/customers/one.json': '{}\n',
  '.env': 'KEY=secret\n',
  'AGENTS.md': 'be kind\n',
};
const SETTINGS = { may_touch: ['**'], never: ['legacy/**'], withhold: ['fixtures/customers/**'] };

let bench: Bench;
let area: WorkArea;
let base: string;
const benches: Bench[] = [];
afterAll(() => benches.forEach((one) => void one.end()));

async function open(files: Files, settings: Partial<ProjectSettings>): Promise<void> {
  bench = await aBench(files, settings);
  benches.push(bench);
  base = (await bench.store.fetchBase()).tree;
  area = await openWorkArea(bench.store, bench.project, { task_id: 't1', attempt: 1, tree: base });
}

let usual: Promise<{ bench: Bench; area: WorkArea; base: string }> | undefined;
/** The work area of FILES as it was at the start; one for all tests. */
async function openUsual(): Promise<void> {
  usual ??= open(FILES, SETTINGS).then(() => ({ bench, area, base }));
  ({ bench, area, base } = await usual);
  await area.reset(base);
}

const at = (path: string): string => join(area.folder, path);
const put = (files: Files) => writeFiles(area.folder, files);

/** The snapshot refuses these paths for a reason with this word in it, and its tree is the base. */
async function refuses(path: string, word: string): Promise<void> {
  const { tree, refused } = await area.snapshot();
  expect(refused.map((one) => one.path)).toContain(path);
  expect(refused.find((one) => one.path === path)?.problem).toContain(word);
  expect(tree).toBe(base);
}

describe('what a work area shows and gives back', () => {
  it('leaves withheld files and secrets out, and keeps them in the tree', async () => {
    await openUsual();
    expect(existsSync(at('.env'))).toBe(false);
    expect(existsSync(at('fixtures'))).toBe(false);
    put({ 'src/new.ts': 'new\n' });
    const { tree, refused } = await area.snapshot();
    expect(refused).toEqual([]);
    const entries = await bench.store.entries(tree);
    expect([...entries.keys()].sort()).toEqual([...Object.keys(FILES), 'src/new.ts'].sort());
    expect((await bench.store.read(entries.get('.env')?.oid ?? '')).toString()).toBe('KEY=secret\n');
  });

  it('names what differs where nothing may, beside what it takes', async () => {
    await openUsual();
    put({ 'legacy/old.ts': 'changed\n', '.env': 'KEY=mine\n', 'fixtures/customers/two.json': '{}\n', 'src/a.ts': 'A\n' });
    rmSync(at('AGENTS.md'));
    const { tree, refused } = await area.snapshot();
    expect(Object.fromEntries(refused.map((one) => [one.path, one.problem]))).toEqual({
      '.env': expect.stringContaining('withheld'),
      'fixtures/customers/two.json': expect.stringContaining('withheld'),
      'legacy/old.ts': expect.stringContaining('"never" names it'),
      'AGENTS.md': expect.stringContaining('tells agents'),
    });
    expect((await bench.store.difference(base, tree)).map(({ path }) => path)).toEqual(['src/a.ts']);
  });

  it('refuses what lies outside may_touch', async () => {
    await open(FILES, { ...SETTINGS, may_touch: ['src/**'] });
    put({ 'dist/out.js': 'x' });
    await refuses('dist/out.js', 'may_touch');
  });

  it('goes back to a tree, whatever rights and names a program left', async () => {
    await openUsual();
    put({ 'src/locked/x.ts': 'x', 'a\nb': 'x' });
    chmodSync(at('src/locked'), 0);
    await area.reset(base);
    expect(await area.snapshot()).toEqual({ tree: base, refused: [] });
  });

  it('keeps what the base has of names that no change may add, and of collisions', async () => {
    const odd = { 'README.md': '1', 'Readme.md': '2', 'cafe\u0301.txt': '3', 'a\nb.txt': '4', 'x\\y': '5', 'src/a.ts': 'a\n' };
    await open(odd, { may_touch: ['**'] });
    expect(await area.snapshot()).toEqual({ tree: base, refused: [] });
    put({ 'src/a.ts': 'b\n' });
    const { tree, refused } = await area.snapshot();
    expect(refused).toEqual([]);
    expect((await bench.store.entries(tree)).size).toBe(6);
    put({ 'a\nb.txt': 'other' });
    expect((await area.snapshot()).refused).toMatchObject([{ path: 'a\nb.txt', problem: expect.stringContaining('control') }]);
  });

  it('keeps bytes of the base that are no text as names', async () => {
    await open({ 'src/a.ts': 'a\n' }, {});
    const raw = Buffer.concat([Buffer.from(bench.repository), Buffer.from('/bad-'), Buffer.from([0xff, 0xfe])]);
    writeFileSync(raw, 'kept');
    git(bench.repository, ['add', '-A']);
    git(bench.repository, ['commit', '-qm', 'odd']);
    base = (await bench.store.fetchBase()).tree;
    await area.reset(base);
    put({ 'src/a.ts': 'b\n' });
    const { tree, refused } = await area.snapshot();
    expect(refused).toEqual([]);
    expect(git(bench.store.gitDir, ['ls-tree', '-r', '-z', tree])).toContain('bad-');
  });
});

describe('attacks on paths and git', () => {
  const written: readonly (readonly [attack: string, path: string, word: string])[] = [
    ['1: a hook', '.git/hooks/post-checkout', '.git'],
    ['1: a hook in a folder below', 'src/.git/hooks/post-checkout', '.git'],
    ['2: in capitals', '.GIT/config', '.git'],
    ['2: a short name', 'git~1/config', '.git'],
    ['2: an invisible character', '.g\u200cit/config', '.git'],
    ['2: a stream', '.git::$INDEX_ALLOCATION/config', '.git'],
    ['3: attributes', '.gitattributes', 'git acts on it'],
    ['3: attributes below', 'src/deep/.gitattributes', 'git acts on it'],
    ['3: attributes in capitals', 'src/.GitAttributes', 'git acts on it'],
    ['4: modules', '.gitmodules', 'git acts on it'],
    ['7: another case', 'docs/README.md', 'docs/readme.md'],
    ['7: another case of a folder', 'SRC/c.ts', 'src'],
    ['7: not composed', 'src/cafe\u0301.ts', 'NFC'],
  ];
  it.each(written)('%s → refused', async (_attack, path, word) => {
    await openUsual();
    const content = '* filter=evil merge=evil ident\n#!/bin/sh\ntouch /tmp/never\n';
    put({ [path]: content });
    const shown = word === '.git' ? path.slice(0, path.search(/(?<=git[^/]*|it)\//i)) : path;
    await refuses(shown, word);
  });

  it('4: a repository inside, as a submodule would be → refused', async () => {
    await openUsual();
    mkdirSync(at('sub'));
    git(at('sub'), ['init', '-q']);
    await refuses('sub/.git', '.git');
  });

  it.each([
    ['/etc/passwd', 'src/passwd'],
    ['..', 'src/up'],
    ['a.ts', 'src/inner'],
    ['nowhere', 'src/dangling'],
  ])('5: a link to %s → refused', async (target, path) => {
    await openUsual();
    symlinkSync(target, at(path));
    await refuses(path, 'link');
  });

  it('5: a folder of the base swapped for a link → refused, and what it leads to is not read', async () => {
    await openUsual();
    const outside = join(bench.root, 'outside');
    renameSync(at('src/deep'), outside);
    writeFileSync(join(outside, 'b.ts'), 'stolen\n');
    symlinkSync(outside, at('src/deep'));
    const { tree, refused } = await area.snapshot();
    expect(refused).toContainEqual({ path: 'src/deep', problem: 'is a link' });
    expect((await bench.store.entries(tree)).get('src/deep')).toBeUndefined();
    expect((await bench.store.patch(base, tree)).includes('stolen')).toBe(false);
  });

  it('6: hard link, pipe, socket, device → refused', async () => {
    await openUsual();
    const secret = join(bench.root, 'secret');
    writeFileSync(secret, 'secret');
    linkSync(secret, at('src/hard.ts'));
    spawnSync('mkfifo', [at('src/pipe')]);
    const server = createServer().listen(at('src/socket'));
    await once(server, 'listening');
    const device = spawnSync('mknod', [at('src/null'), 'c', '1', '3']).status === 0;
    const { tree, refused } = await area.snapshot();
    server.close();
    const problems = Object.fromEntries(refused.map((one) => [one.path, one.problem]));
    expect(problems).toMatchObject({
      'src/hard.ts': expect.stringContaining('hard link'),
      'src/pipe': 'is a named pipe',
      'src/socket': 'is a socket',
      ...(device ? { 'src/null': 'is a device' } : {}),
    });
    expect(tree).toBe(base);
  });

  it('8: a file of tier A moved to another name, or another file onto it → refused by both paths; out and back is nothing', async () => {
    await openUsual();
    renameSync(at('AGENTS.md'), at('docs/notes.md'));
    const out = await area.snapshot();
    expect(out.refused.map(({ path }) => path)).toEqual(['AGENTS.md']);
    renameSync(at('docs/notes.md'), at('AGENTS.md'));
    expect(await area.snapshot()).toEqual({ tree: base, refused: [] });
    renameSync(at('docs/readme.md'), at('AGENTS.md'));
    const onto = await area.snapshot();
    expect(onto.refused.map(({ path }) => path)).toEqual(['AGENTS.md']);
    const agents = (await bench.store.entries(onto.tree)).get('AGENTS.md');
    expect(agents).toEqual((await bench.store.entries(base)).get('AGENTS.md'));
  });

  it('refuses files that would push out what stays', async () => {
    await openUsual();
    put({ 'fixtures/customers': 'a file where withheld files are' });
    await refuses('fixtures/customers', 'stay');
  });

  it('takes away the empty place that a sandbox leaves of .git, and nothing with content', async () => {
    await openUsual();
    mkdirSync(at('.git'));
    expect(await area.snapshot()).toEqual({ tree: base, refused: [] });
    expect(existsSync(at('.git'))).toBe(false);
    put({ '.git': 'gitdir: /elsewhere\n' });
    await refuses('.git', '.git');
  });
});

describe('links and submodules of the base', () => {
  it('shows links that stay inside, keeps all others unseen, and refuses any change of them', async () => {
    await open({ 'src/a.ts': 'a\n' }, {});
    const { repository, store } = bench;
    symlinkSync('a.ts', join(repository, 'src/inner'));
    symlinkSync('/etc/passwd', join(repository, 'src/outer'));
    symlinkSync('../../up', join(repository, 'src/up'));
    symlinkSync('.git/config', join(repository, 'config'));
    mkdirSync(join(repository, 'sub'));
    const head = git(repository, ['rev-parse', 'HEAD']).trim();
    git(repository, ['add', '-A']);
    git(repository, ['update-index', '--add', '--cacheinfo', `160000,${head},sub`]);
    git(repository, ['commit', '-qm', 'links']);
    base = (await store.fetchBase()).tree;
    await area.reset(base);
    expect(readFileSync(at('src/inner'), 'utf8')).toBe('a\n');
    for (const path of ['src/outer', 'src/up', 'config', 'sub']) expect(existsSync(at(path))).toBe(false);
    expect(await area.snapshot()).toEqual({ tree: base, refused: [] });
    rmSync(at('src/inner'));
    put({ 'src/outer': 'mine', 'sub/x.ts': 'mine' });
    const { tree, refused } = await area.snapshot();
    expect(refused.map(({ path }) => path).sort()).toEqual(['src/inner', 'src/outer', 'sub/x.ts']);
    expect(tree).toBe(base);
  });
});

describe('one writer, and what is left behind', () => {
  it('lets a snapshot and a reset wait until nothing else works in the folder', async () => {
    await openUsual();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const order: string[] = [];
    const sandbox = area.alone(async () => {
      put({ 'src/a.ts': 'half' });
      await held;
      put({ 'src/a.ts': 'whole' });
      order.push('sandbox');
    });
    const snapshot = area.snapshot().then((taken) => {
      order.push('snapshot');
      return taken;
    });
    release();
    const [, { tree }] = await Promise.all([sandbox, snapshot]);
    expect(order).toEqual(['sandbox', 'snapshot']);
    expect(await bench.store.patch(base, tree)).toContain('+whole');
    await expect(area.alone(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect((await area.snapshot()).tree).toBe(tree);
  });

  it('sweeps ended attempts only, keeps under a ref what they held, and leaves a folder of which nothing is saved', async () => {
    await openUsual();
    const { store, project } = bench;
    const places = await Promise.all(
      [2, 3].map((attempt) => openWorkArea(store, project, { task_id: 't1', attempt, tree: base })),
    );
    const of = (attempt: number, live: boolean) => ({ task_id: 't1', attempt, change_id: `chg_${attempt}`, live });
    await store.keep('refs/steps/chg_1/2', base);
    await store.keep('refs/steps/chg_1/10', base);
    await store.keep('refs/steps/chg_3/1', base);
    put({ 'src/late.ts': 'unsaved\n' });
    expect(await sweepWorkAreas(store, project, [of(1, false), of(2, false), of(3, true)])).toEqual(['t1#1']);
    expect(existsSync(area.folder)).toBe(false);
    expect(places.every(({ folder }) => existsSync(folder))).toBe(true);
    const kept = await store.resolve('refs/swept/chg_1');
    expect(await store.patch(base, kept ?? '')).toContain('+unsaved');
    await store.drop('refs/swept/chg_1');
    expect(await store.resolve('refs/swept/chg_1')).toBeUndefined();
  });
});
