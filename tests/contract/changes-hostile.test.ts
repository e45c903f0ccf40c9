import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, openStore, openWorkArea } from '@vivarium/changes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Hostile, makeHostile } from './changes-hostile.kit.ts';
import { aBench, type Bench, git, writeFiles } from './changes-kit.ts';

const FILES = {
  '.gitattributes': '* filter=evil diff=evil merge=evil ident text eol=crlf working-tree-encoding=UTF-16\n*.up merge=union\n',
  'src/a.ts': 'one\ntwo\nthree\nfour\nfive\n',
  'src/b.ts': '$Id$ b\r\n',
  'up/x.up': 'one\ntwo\n',
};
const AT = '2026-12-01T00:00:00Z';
const AUTHOR = { name: 'Fennel', email: 'fennel@residents.localhost' };

let bench: Bench;
let hostile: Hostile;

/** Commits on the person's branch without running anything. */
function personCommits(files: Record<string, string>): string {
  const { repository } = bench;
  const index = { GIT_INDEX_FILE: join(bench.root, 'index') };
  const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];
  const run = (args: readonly string[], input?: string) => {
    const env = { ...process.env, ...index, GIT_DIR: join(repository, '.git'), GIT_WORK_TREE: bench.root };
    const ran = spawnSync('git', [...quiet, '-c', 'user.name=P', '-c', 'user.email=p@e', ...args], {
      env,
      input,
      cwd: bench.root,
    });
    return ran.stdout.toString().trim();
  };
  run(['read-tree', 'refs/heads/main']);
  const lines = Object.entries(files).map(
    ([path, text]) => `100644 ${run(['hash-object', '-w', '--no-filters', '--stdin'], text)}\t${path}\0`,
  );
  run(['update-index', '-z', '--index-info'], lines.join(''));
  const commit = run(['commit-tree', run(['write-tree']), '-p', 'refs/heads/main', '-m', 'more']);
  run(['update-ref', 'refs/heads/main', commit]);
  return commit;
}

beforeEach(async () => {
  bench = await aBench({ 'src/seed.ts': 'seed\n' });
  const { repository, root, store } = bench;
  personCommits(FILES);
  writeFiles(repository, FILES);
  const addresses = [store.gitDir, repository, join(repository, '.git')];
  hostile = makeHostile(repository, join(root, 'evil'), addresses);
});
afterEach(() => bench.end());

describe('attack 9: a repository whose own configuration, hooks and attributes run programs', () => {
  it('has teeth: an ordinary git in it runs them', async () => {
    const env = { ...process.env, HOME: bench.root };
    writeFileSync(join(bench.repository, 'src/a.ts'), 'x\n');
    spawnSync('git', ['status'], { cwd: bench.repository, env });
    expect(hostile.marks()).toMatch(/fsmonitor/);
    spawnSync('git', ['add', '.'], { cwd: bench.repository, env });
    expect(hostile.marks()).toMatch(/clean|process/);
    spawnSync('git', ['update-ref', 'refs/heads/x', 'HEAD'], { cwd: bench.repository, env });
    expect(hostile.marks()).toMatch(/reference-transaction/);
    const made = await bench.store.commit({
      tree: (await bench.store.fetchBase()).tree,
      parents: [],
      message: 'x',
      author: AUTHOR,
      at: AT,
    });
    await bench.store.keep('refs/changes/chg_0', made);
    spawnSync('git', ['fetch', bench.store.gitDir, 'refs/changes/chg_0'], { cwd: bench.repository, env });
    expect(hostile.marks()).toMatch(/alternates/);
  });

  it('runs none from opening to landing, and every byte stays as stored', async () => {
    const { store, project, repository } = bench;
    const { repository: own } = store;
    const before = git(bench.root, ['--git-dir', own.gitDir, '-c', 'core.hooksPath=/dev/null', 'for-each-ref']);
    const base = await store.fetchBase();
    const area = await openWorkArea(store, project, { task_id: 't1', attempt: 1, tree: base.tree });
    for (const [path, text] of Object.entries(FILES)) expect(readFileSync(join(area.folder, path), 'utf8')).toBe(text);
    expect(await area.snapshot()).toEqual({ tree: base.tree, refused: [] });
    writeFiles(area.folder, { 'src/a.ts': 'ONE\ntwo\nthree\nfour\nfive\n', 'src/c.ts': 'new $Id$\r\n' });
    rmSync(join(area.folder, 'src/b.ts'));
    const { tree } = await area.snapshot();
    const { files } = await filesOf(store, project, base.tree, tree);
    expect(files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
      ['src/a.ts', 1, 1],
      ['src/b.ts', 0, 1],
      ['src/c.ts', 1, 0],
    ]);
    expect(await store.patch(base.tree, tree)).toContain('-$Id$ b\r\n');
    await store.exportPatch(base.tree, tree);
    const theirs = personCommits({ 'src/a.ts': 'one\ntwo\nthree\nfour\nFIVE\n' });
    const moved = await store.fetchBase();
    expect(moved.commit).toBe(theirs);
    const merged = await store.merge(base.tree, tree, moved.tree);
    if (merged.kind !== 'clean') throw new Error('the merge is not clean');
    const commit = await store.commit({
      tree: merged.tree,
      parents: [theirs],
      message: 'do',
      author: AUTHOR,
      at: AT,
    });
    await store.keep('refs/changes/chg_1', commit);
    await area.remove();

    const pids: number[] = [];
    const started = { onStart: (pid: number) => pids.push(pid) };
    await own.fetchFrom(store.gitDir, 'refs/changes/chg_1', started);
    expect(await own.resolve(`${commit}^{tree}`)).toBe(merged.tree);
    expect(await own.moveRef('refs/heads/main', commit, base.commit, started)).toBe(false);
    expect(await own.moveRef('refs/heads/main', commit, theirs, started)).toBe(true);
    const entries = await store.entries(merged.tree);
    const touched = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
    await own.setIndex(new Map(touched.map((path) => [path, entries.get(path)])), started);
    const staged = await own.indexEntries();
    for (const path of touched) expect(staged.get(path)).toEqual(entries.get(path));
    const attributes = await own.attributes(touched, ['filter', 'ident', 'eol', 'working-tree-encoding']);
    expect(attributes.get('src/a.ts')?.get('filter')).toBe('evil');
    expect(pids.length).toBe(4);

    expect(hostile.marks()).toBe('');
    const after = git(bench.root, ['--git-dir', own.gitDir, '-c', 'core.hooksPath=/dev/null', 'for-each-ref']);
    expect(after).toBe(before.replace(base.commit, commit));
    expect(readFileSync(join(repository, 'src/a.ts'), 'utf8')).toBe(FILES['src/a.ts']);
  });

  it.each([
    ['addresses rewritten to a program', '[url "ext::EVIL rewritten"]\n\tinsteadOf = /\n'],
    [
      'objects promised by a remote that is a program',
      '[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = ext::EVIL promised\n\tpromisor = true\n',
    ],
    [
      'objects promised by a remote with a program of its own',
      '[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = /\n\tuploadpack = EVIL promised\n\tpromisor = true\n',
    ],
    ['a helper as the kind of the remote', '[remote "STORE"]\n\tvcs = ext\n[remote "REPOSITORY"]\n\tvcs = ext\n'],
    ['another work tree', '[core]\n\tworktree = /\n'],
    ['configuration from a further file', '[include]\n\tpath = HERE/more\n'],
  ])('runs none with %s, whether the command succeeds or not', async (_name, config) => {
    const { store, repository, root, project } = bench;
    writeFileSync(join(root, 'evil', 'more'), `[core]\n\thooksPath = ${join(repository, '.git', 'hooks')}\n`);
    const start = await store.fetchBase();
    const next = personCommits({ 'src/d.ts': 'd\n' });
    if (config.includes('partialClone')) {
      const blob = git(root, ['--git-dir', join(repository, '.git'), 'rev-parse', `${next}:src/d.ts`]).trim();
      rmSync(join(repository, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
    }
    hostile.configure(config.replaceAll('STORE', store.gitDir).replaceAll('REPOSITORY', repository));
    const refs = () => readFileSync(join(repository, '.git', 'refs', 'heads', 'main'), 'utf8').trim();
    const { commit } = await store.fetchBase().catch(() => start);
    expect([start.commit, next]).toContain(commit);
    const made = await store.commit({ tree: start.tree, parents: [], message: 'x', author: AUTHOR, at: AT });
    await store.keep('refs/changes/chg_2', made);
    const { repository: own } = await openStore({ root: join(root, 'workspace') }, project);
    await own.fetchFrom(store.gitDir, 'refs/changes/chg_2').catch(() => undefined);
    await own.attributes(['src/a.ts'], ['filter']).catch(() => undefined);
    await own.setIndex(new Map([['src/zz.ts', (await store.entries(start.tree)).get('src/a.ts')]])).catch(() => undefined);
    await own.moveRef('refs/heads/other', start.commit, undefined);
    expect(hostile.marks()).toBe('');
    expect(refs()).toBe(next);
  });
});
