import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, openStore, type ProjectStore } from '@vivarium/changes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBench, aProject, type Bench, commitAll, type Files, git, writeFiles } from './changes-kit.ts';

const LINES = 'one\ntwo\nthree\nfour\nfive\nsix\n';
const FILES: Files = {
  'src/a.ts': LINES,
  'src/b.ts': 'b\n',
  'src/bin.dat': Buffer.from([0, 1, 2]),
  'test/a.test.ts': 'x\n',
};
const AUTHOR = { name: 'Fennel', email: 'fennel@residents.localhost' };
const AT = '2026-12-01T10:00:00.000Z';

let bench: Bench;
let store: ProjectStore;
let base: string;
beforeAll(async () => {
  bench = await aBench(FILES, { tests_are: ['test/**'] });
  store = bench.store;
  base = (await store.fetchBase()).tree;
});
afterAll(() => bench.end());

/** `from` with these texts; null takes a path out. */
async function treeOf(files: Readonly<Record<string, string | Buffer | null>>, from = base): Promise<string> {
  const changed = Object.entries(files).map(async ([path, text]) =>
    text === null ? { path } : { path, after: { mode: '100644', oid: await store.write(Buffer.from(text)) } },
  );
  return store.treeWith(from, await Promise.all(changed));
}

describe('trees', () => {
  it('reads what it wrote, for many bytes at once and for none', async () => {
    const big = Buffer.alloc(300_000, 'ab\0\n');
    for (const bytes of [Buffer.alloc(0), Buffer.from('x\0y\n'), big]) {
      expect(await store.read(await store.write(bytes))).toEqual(bytes);
    }
    await expect(store.read('0'.repeat(40))).rejects.toThrow('is not a file that the store has');
    await expect(store.read(base)).rejects.toThrow('is not a file that the store has');
  });

  it('puts a file in the place of a folder, and back', async () => {
    const flat = await treeOf({ 'src/a.ts': null, 'src/b.ts': null, 'src/bin.dat': null, src: 'a file\n' });
    expect([...(await store.entries(flat)).keys()]).toEqual(['src', 'test/a.test.ts']);
    const back = await treeOf({ src: null, 'src/a.ts': LINES, 'src/b.ts': 'b\n', 'src/bin.dat': Buffer.from([0, 1, 2]) }, flat);
    expect(back).toBe(base);
  });

  it.each(['.git/config', 'x/.GIT/y', '../x', 'git~1', '.g\u200cit/x', '/abs', 'a//b', 'src/a.ts/below'])(
    'says so when git leaves out %j or something for it',
    async (path) => {
      await expect(treeOf({ [path]: 'x' })).rejects.toThrow('Git did not take');
      await expect(treeOf({ [path]: 'x', 'src/new.ts': 'y' })).rejects.toThrow('Git did not take');
    },
  );

  it('tells what changed: tiers, tests, lines, modes, hashes that bind code apart from tests', async () => {
    const oid = await store.write(Buffer.from('b\n'));
    const changed = { path: 'src/b.ts', after: { mode: '100755', oid } };
    const code = await store.treeWith(await treeOf({ 'src/a.ts': `${LINES}seven\n`, 'src/bin.dat': Buffer.from([0, 9]) }), [
      changed,
    ]);
    const both = await treeOf({ 'test/a.test.ts': null, 'test/b.test.ts': 'y\n' }, code);
    const [one, two] = await Promise.all([filesOf(store, bench.project, base, code), filesOf(store, bench.project, base, both)]);
    expect(
      one.files.map(({ path, tier, binary, added, removed, test }) => ({ path, tier, binary, added, removed, test })),
    ).toEqual([
      { path: 'src/a.ts', tier: 'C', binary: false, added: 1, removed: 0, test: false },
      { path: 'src/b.ts', tier: 'B', binary: false, added: 0, removed: 0, test: false },
      { path: 'src/bin.dat', tier: 'B', binary: true, added: 0, removed: 0, test: false },
    ]);
    expect(one.files[1]?.after).toMatchObject({ mode: '100755', bytes: 2, sha256: one.files[1]?.before?.sha256 });
    expect(two.files.filter(({ test }) => test).map(({ path, tier }) => [path, tier])).toEqual([
      ['test/a.test.ts', 'B'],
      ['test/b.test.ts', 'B'],
    ]);
    expect(two.code_sha256).toBe(one.code_sha256);
    expect(two.entries_sha256).not.toBe(one.entries_sha256);
    expect(one.tier).toBe('B');
    expect((await filesOf(store, bench.project, base, base)).files).toEqual([]);
  });

  it('gives the same entry hash on another base, as long as the changed paths are the same', async () => {
    const mine = await treeOf({ 'src/a.ts': 'mine\n' });
    const theirs = await treeOf({ 'src/b.ts': 'theirs\n' });
    const merged = await store.merge(base, mine, theirs);
    const here = await filesOf(store, bench.project, base, mine);
    const there = await filesOf(store, bench.project, theirs, merged.kind === 'clean' ? merged.tree : '');
    expect(there.entries_sha256).toBe(here.entries_sha256);
  });

  it('exports a patch that git takes, binary files included, and shows one to read', async () => {
    const tree = await treeOf({
      'src/a.ts': LINES.replace('two', 'TWO'),
      'src/bin.dat': Buffer.from([0, 9, 9]),
      'größe.txt': 'x\n',
    });
    const copy = join(bench.root, 'copy');
    git(bench.root, ['clone', '-q', bench.repository, copy]);
    git(copy, ['apply', '--index', '-'], await store.exportPatch(base, tree));
    expect(git(copy, ['write-tree']).trim()).toBe(tree);
    const text = await store.patch(base, tree, ['src/a.ts', 'größe.txt']);
    expect(text).toContain('-two\n+TWO');
    expect(text).toContain('b/größe.txt');
    expect(text).not.toContain('bin.dat');
  });

  it('will not describe a changed link as a change', async () => {
    const oid = await store.write(Buffer.from('a.ts'));
    const tree = await store.treeWith(base, [{ path: 'src/link', after: { mode: '120000', oid } }]);
    await expect(store.difference(base, tree)).rejects.toThrow('src/link is a link or a submodule');
  });
});

describe('merges', () => {
  const merge = async (ours: Parameters<typeof treeOf>[0], theirs: Parameters<typeof treeOf>[0]) =>
    store.merge(base, await treeOf(ours), await treeOf(theirs));

  it('joins edits of different places, without moving files after a rename', async () => {
    const merged = await merge(
      { 'src/a.ts': LINES.replace('one', 'ONE') },
      { 'src/a.ts': LINES.replace('six', 'SIX'), 'n.txt': 'n' },
    );
    if (merged.kind !== 'clean') throw new Error('not clean');
    const entries = await store.entries(merged.tree);
    expect((await store.read(entries.get('src/a.ts')?.oid ?? '')).toString()).toBe('ONE\ntwo\nthree\nfour\nfive\nSIX\n');
    expect(entries.has('n.txt')).toBe(true);
    const renamed = await merge({ 'src/a.ts': LINES.replace('one', 'ONE') }, { 'src/a.ts': null, 'src/z.ts': LINES });
    expect(renamed).toMatchObject({ kind: 'conflict', paths: ['src/a.ts', 'src/z.ts'] });
    const folder = await merge(
      { 'src/a.ts': null, 'src/b.ts': null, 'lib/a.ts': LINES, 'lib/b.ts': 'b\n' },
      { 'src/new.ts': 'n' },
    );
    expect(folder.kind === 'clean' && (await store.entries(folder.tree)).has('src/new.ts')).toBe(true);
  });

  it('gives both sides and the base of a conflict, and only text', async () => {
    const twice = await merge(
      { 'src/a.ts': 'ours\n', 'src/bin.dat': Buffer.from([0, 7]) },
      { 'src/a.ts': 'theirs\n', 'src/bin.dat': Buffer.from([0, 8]) },
    );
    expect(twice).toEqual({
      kind: 'conflict',
      paths: ['src/a.ts', 'src/bin.dat'],
      sides: [{ path: 'src/a.ts', base: LINES, ours: 'ours\n', theirs: 'theirs\n' }, { path: 'src/bin.dat' }],
    });
    const gone = await merge({ 'src/b.ts': null }, { 'src/b.ts': 'edited\n' });
    expect(gone).toMatchObject({ kind: 'conflict', sides: [{ path: 'src/b.ts', base: 'b\n', theirs: 'edited\n' }] });
    const added = await merge({ 'new.ts': 'ours\n' }, { 'new.ts': 'theirs\n' });
    expect(added).toMatchObject({ kind: 'conflict', sides: [{ path: 'new.ts', ours: 'ours\n', theirs: 'theirs\n' }] });
  });

  it('tells no text of a file that is withheld, though the person moved one there meanwhile', async () => {
    const secret = await aBench({ 'src/a.ts': LINES }, { withhold: ['customers/**'] });
    const from = (await secret.store.fetchBase()).tree;
    const put = async (path: string, text: string) => ({
      path,
      after: { mode: '100644', oid: await secret.store.write(Buffer.from(text)) },
    });
    const ours = await secret.store.treeWith(from, [
      { path: 'src/a.ts' },
      await put('customers/a.ts', LINES.replace('one', 'Ada, 12 Moss Lane')),
    ]);
    const theirs = await secret.store.treeWith(from, [await put('src/a.ts', LINES.replace('six', 'SIX'))]);
    const merged = await secret.store.merge(from, ours, theirs);
    expect(merged).toMatchObject({ kind: 'conflict', paths: expect.arrayContaining(['customers/a.ts']) });
    expect(JSON.stringify(merged)).not.toContain('Ada');
    secret.end();
  });

  it('calls names that only differ in case a conflict when each side adds one', async () => {
    expect(await merge({ 'Notes.md': 'a' }, { 'notes.md': 'b' })).toMatchObject({ kind: 'conflict', paths: ['Notes.md'] });
    expect(await merge({ 'lib/a.ts': 'a' }, { 'Lib/b.ts': 'b' })).toMatchObject({ kind: 'conflict', paths: ['lib/a.ts'] });
    expect(await merge({ 'notes.md': 'b' }, { 'notes.md': 'b' })).toMatchObject({ kind: 'clean' });
  });

  it('asks no attribute of the project how to merge', async () => {
    const withUnion = await treeOf({ '.gitattributes': '* merge=union\n' });
    const [ours, theirs] = [
      await treeOf({ 'src/b.ts': 'ours\n' }, withUnion),
      await treeOf({ 'src/b.ts': 'theirs\n' }, withUnion),
    ];
    expect(await store.merge(withUnion, ours, theirs)).toMatchObject({ kind: 'conflict', paths: ['src/b.ts'] });
  });

  it('takes the side that changed when the other did not', async () => {
    const mine = await treeOf({ 'src/b.ts': 'mine\n' });
    expect(await store.merge(base, mine, base)).toEqual({ kind: 'clean', tree: mine });
    expect(await store.merge(base, base, mine)).toEqual({ kind: 'clean', tree: mine });
    expect(await store.merge(base, mine, mine)).toEqual({ kind: 'clean', tree: mine });
  });
});

describe('commits and refs', () => {
  it('makes the same commit from the same words, in the names it is given', async () => {
    const { commit } = await store.fetchBase();
    const about = { tree: base, parents: [commit], message: 'Mend\n\nVivarium-Task: t1\n', author: AUTHOR, at: AT };
    const made = await store.commit(about);
    expect(await store.commit(about)).toBe(made);
    expect(await store.treeOf(made)).toBe(base);
    const seen = git(store.gitDir, [
      'log',
      '-1',
      '--format=%an|%ae|%cn|%aI|%(trailers:key=Vivarium-Task,valueonly)',
      made,
    ]).trim();
    expect(seen).toBe('Fennel|fennel@residents.localhost|Vivarium|2026-12-01T10:00:00+00:00|t1');
    const odd = await store.commit({ ...about, author: { name: '<>\n', email: '' } });
    expect(git(store.gitDir, ['log', '-1', '--format=%an', odd]).trim()).toBe('resident');
  });

  it('keeps trees and commits under refs, lists and drops them', async () => {
    await store.keep('refs/steps/chg_1/1', base);
    await store.keep('refs/steps/chg_1/2', base);
    await store.keep('refs/steps/chg_10/1', base);
    expect([...(await store.refs('refs/steps/chg_1/')).keys()]).toEqual(['refs/steps/chg_1/1', 'refs/steps/chg_1/2']);
    expect(await store.resolve('refs/steps/chg_1/2')).toBe(base);
    await store.drop('refs/steps/chg_1/2');
    await store.drop('refs/steps/chg_1/2');
    expect(await store.resolve('refs/steps/chg_1/2')).toBeUndefined();
    await expect(store.treeOf('f'.repeat(40))).rejects.toThrow('no commit');
  });
});

describe('the project behind a store', () => {
  it('is one store, however many open it at once, and leaves no half-made one behind', async () => {
    const root = join(bench.root, 'crowd');
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore({ root }, bench.project)));
    const trees = await Promise.all(stores.map((one) => one.fetchBase()));
    expect(new Set(trees.map(({ tree }) => tree))).toEqual(new Set([base]));
    expect(readdirSync(stores[0]?.folder ?? '').sort()).toEqual(['empty', 'spool', 'store.git', 'work']);
  });

  it('lends the objects of a large repository, and keeps them through a rewritten past', async () => {
    const large = await aBench({ 'a.ts': 'a\n' });
    const lending = await openStore({ root: join(large.root, 'lent'), lend_above_bytes: 0 }, large.project);
    git(large.repository, ['repack', '-adq']);
    const first = await lending.fetchBase();
    writeFiles(large.repository, { 'a.ts': 'b\n' });
    git(large.repository, ['commit', '-aq', '--amend', '-m', 'rewritten']);
    await lending.fetchBase();
    writeFiles(large.repository, { 'a.ts': 'c\n' });
    const third = commitAll(large.repository, 'on');
    await lending.fetchBase();
    git(large.repository, ['reflog', 'expire', '--expire=now', '--all']);
    git(large.repository, ['gc', '-q', '--prune=now']);
    const entry = (await lending.entries(first.tree)).get('a.ts');
    expect((await lending.read(entry?.oid ?? '')).toString()).toBe('a\n');
    const refs = git(large.repository, ['for-each-ref', '--format=%(refname)', 'refs/vivarium']).trim().split('\n').sort();
    expect(refs).toEqual([`refs/vivarium/sample/${first.commit}`, 'refs/vivarium/sample/base'].sort());
    expect(git(large.repository, ['rev-parse', 'refs/vivarium/sample/base']).trim()).toBe(third);
    expect(existsSync(join(lending.gitDir, 'objects', 'info', 'alternates'))).toBe(true);
    large.end();
  });

  it.each([
    ['of another hash', ['init', '-q', '--object-format=sha256']],
    ['with its branches in one file', ['init', '-q']],
  ])('may be one %s', async (_name, init) => {
    const folder = join(bench.root, `made-${_name.length}`);
    mkdirSync(folder);
    git(folder, init);
    writeFiles(folder, { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' });
    commitAll(folder, 'start');
    git(folder, ['pack-refs', '--all']);
    const other = await openStore({ root: join(folder, '..', `of-${_name.length}`) }, aProject(folder));
    const { tree, commit } = await other.fetchBase();
    expect(tree).toBe(git(folder, ['rev-parse', 'HEAD^{tree}']).trim());
    const next = await other.treeWith(tree, [{ path: 'src/b.ts' }]);
    expect((await other.difference(tree, next)).map(({ path }) => path)).toEqual(['src/b.ts']);
    const made = await other.commit({ tree: next, parents: [commit], message: 'x', author: AUTHOR, at: AT });
    await other.keep('refs/changes/c', made);
    await other.repository.fetchFrom(other.gitDir, 'refs/changes/c');
    expect(await other.repository.moveRef('refs/heads/main', made, commit)).toBe(true);
    await other.repository.setIndex(new Map([['src/b.ts', undefined]]));
    expect([...(await other.repository.indexEntries()).keys()]).toEqual(['src/a.ts']);
  });

  it('may be a shallow clone or a linked work tree', async () => {
    const full = join(bench.root, 'full');
    git(bench.root, ['clone', '-q', bench.repository, full]);
    writeFileSync(join(full, 'src/b.ts'), 'second\n');
    commitAll(full, 'second');
    const shallow = join(bench.root, 'shallow');
    git(bench.root, ['clone', '-q', '--depth=1', `file://${full}`, shallow]);
    const linked = join(bench.root, 'linked');
    git(full, ['worktree', 'add', '-q', '-b', 'other', linked]);
    for (const [folder, branch] of [
      [shallow, 'main'],
      [linked, 'other'],
    ] as const) {
      const other = await openStore({ root: join(bench.root, `ws-${branch}`) }, aProject(folder, { branch }));
      expect((await other.fetchBase()).tree).toBe(git(folder, ['rev-parse', 'HEAD^{tree}']).trim());
    }
  });

  it.each([
    ['nowhere', 'has no commit'],
    ['main:refs/heads/evil', 'is not the name of a branch'],
    ['-x', 'is not the name of a branch'],
    ['a..b', 'is not the name of a branch'],
    ['*', 'is not the name of a branch'],
  ])('says what is wrong with the branch %j, and where to mend it', async (branch, problem) => {
    const other = await openStore({ root: join(bench.root, 'branches') }, aProject(bench.repository, { branch }));
    await expect(other.fetchBase()).rejects.toMatchObject({
      message: expect.stringContaining(problem),
      fix: expect.stringContaining('projects.sample.branch'),
    });
  });

  it('says when there is no repository', async () => {
    const folder = join(bench.root, 'none');
    mkdirSync(folder);
    await expect(openStore({ root: folder }, aProject(folder))).rejects.toThrow(`no git repository at ${folder}`);
  });

  it('never moves a branch that shows something else, nor creates one over another', async () => {
    const { repository: own } = store;
    const { commit } = await store.fetchBase();
    expect(await own.moveRef('refs/heads/main', commit, 'f'.repeat(40))).toBe(false);
    expect(await own.moveRef('refs/heads/main', commit, undefined)).toBe(false);
    expect(readFileSync(join(own.gitDir, 'refs/heads/main'), 'utf8').trim()).toBe(commit);
  });
});
