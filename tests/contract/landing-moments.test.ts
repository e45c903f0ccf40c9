/** What a person, another worker or another branch does in the middle of a landing: no byte is lost, and it lands once or not. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LandDeps, landChange, moveChange, recoverLanding } from '@vivarium/changes';
import type { ChangeRecord } from '@vivarium/core';
import { afterEach, describe, expect, it } from 'vitest';
import { commitAll, git } from './changes-kit.ts';
import { aLandBench, type LandBench } from './landing-kit.ts';

let bench: LandBench;
afterEach(() => bench.end());

const FILES = { 'src/a.js': 'a\n', 'src/b.js': 'b\n', 'src/gone.js': 'gone\n', 'notes.md': 'notes\n' };
const EDITS = { 'src/a.js': 'A\n', 'src/b.js': 'B\n', 'src/gone.js': null, 'src/new/c.js': 'C\n' };
const file = (path: string) => join(bench.repository, path);
const edit = (path: string) => writeFileSync(file(path), 'mine\n');
const head = () => git(bench.repository, ['rev-parse', 'main']).trim();
const status = () => git(bench.repository, ['status', '--porcelain', '-uall']);
const commits = (from: string) => Number(git(bench.repository, ['rev-list', '--count', `${from}..main`]));

type Store = LandDeps['store'];
/** The bench's landing with something that happens at one of its steps. */
const with_ = (store: Partial<Store>, repository: Partial<Store['repository']> = {}): LandDeps => ({
  ...bench.deps,
  store: { ...bench.store, ...store, repository: { ...bench.store.repository, ...repository } },
});
const beforeMove = (act: () => unknown): LandDeps =>
  with_(
    {},
    {
      moveGuarded: async (...move) => {
        await act();
        return bench.store.repository.moveGuarded(...move);
      },
    },
  );
const underLock = (act: () => unknown): LandDeps =>
  with_(
    {},
    {
      moveGuarded: (move, mayGoOn, note) =>
        bench.store.repository.moveGuarded(
          move,
          async () => {
            await act();
            return mayGoOn();
          },
          note,
        ),
    },
  );
const atContent = (nth: number, act: () => unknown): LandDeps =>
  with_({
    readAll: (oids, onBlob) =>
      bench.store.readAll(oids, (index, bytes) => {
        if (index === nth) act();
        onBlob(index, bytes);
      }),
  });
const beforeIndex = (act: () => unknown): LandDeps =>
  with_(
    {},
    {
      setIndex: async (...set) => {
        await act();
        return bench.store.repository.setIndex(...set);
      },
    },
  );

describe('a file that the person edits', () => {
  it.each<[string, (path: string) => LandDeps]>([
    ['after it was looked at', (path) => beforeMove(() => edit(path))],
    ['while the branch is locked', (path) => underLock(() => edit(path))],
    ['before the first file is written', (path) => atContent(0, () => edit(path))],
    ['between two files', (path) => atContent(1, () => edit(path))],
    ['with the last file', (path) => atContent(2, () => edit(path))],
  ])('%s keeps its bytes, and all of the landing is taken back', async (_when, landing) => {
    for (const path of ['src/a.js', 'src/b.js', 'src/new/c.js', 'src/gone.js']) {
      bench = await aLandBench(FILES);
      const change = await bench.approved(EDITS);
      const from = head();
      const made = landing(path);
      if (path === 'src/new/c.js' && !existsSync(file('src/new'))) git(bench.repository, ['init', '-q', file('src/new')]);
      const end = await landChange(made, change);
      expect([path, end]).toMatchObject([path, { kind: 'held', paths: [path] }]);
      expect([head(), readFileSync(file(path), 'utf8')]).toEqual([from, 'mine\n']);
      for (const [other, text] of Object.entries(FILES)) if (other !== path) expect(readFileSync(file(other), 'utf8')).toBe(text);
      expect(bench.log.change(change.change_id)).toMatchObject({ phase: 'handed_in', held: { why: 'your_edits' } });
      if (path !== 'src/gone.js') bench.end();
    }
  });

  it('after the files were put in place is an edit of what landed', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    expect(
      await landChange(
        beforeIndex(() => edit('src/a.js')),
        change,
      ),
    ).toMatchObject({ kind: 'landed' });
    expect([readFileSync(file('src/a.js'), 'utf8'), status()]).toEqual(['mine\n', ' M src/a.js\n']);
  });
});

describe('a branch that is', () => {
  // Under the lock no git of the person's can: git locks `HEAD` with the branch that it names.
  it.each<[string, () => unknown, RegExp]>([
    ['switched', () => git(bench.repository, ['checkout', '-q', '-b', 'other']), /not checked out/],
    [
      'checked out a second time',
      () => git(bench.repository, ['worktree', 'add', '-f', '-q', join(bench.root, 'second'), 'main']),
      /checked out in/,
    ],
  ])('%s after it was looked at is not moved', async (_what, act, why) => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    const from = head();
    const end = await landChange(beforeMove(act), change);
    expect([end.kind, 'because' in end ? end.because : '']).toEqual(['held', expect.stringMatching(why)]);
    expect([head(), readFileSync(file('src/a.js'), 'utf8'), status()]).toEqual([from, 'a\n', '']);
  });

  it.each<[string, () => unknown]>([
    ['rewritten', () => git(bench.repository, ['commit', '-q', '--amend', '-m', 'other'])],
    ['moved on', () => git(bench.repository, ['commit', '-q', '--allow-empty', '-m', 'more'])],
  ])('%s in that moment fails the swap; it is merged anew and lands', async (_what, act) => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    expect(await landChange(beforeMove(act), change)).toMatchObject({ kind: 'refused' });
    const tip = head();
    const { deps, log, store, project } = bench;
    expect(await moveChange({ store, changes: log, project }, change)).toMatchObject({ kind: 'moved', same_entries: true });
    expect(await landChange(deps, log.change(change.change_id) ?? change)).toMatchObject({ kind: 'landed' });
    expect([commits(tip), status()]).toEqual([1, '']);
  });

  it('switched after the move keeps its files', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    const landing = with_(
      {},
      {
        async moveGuarded(...move) {
          const moved = await bench.store.repository.moveGuarded(...move);
          git(bench.repository, ['symbolic-ref', 'HEAD', 'refs/heads/other']);
          return moved;
        },
      },
    );
    expect(await landChange(landing, change)).toMatchObject({ kind: 'landed' });
    expect(readFileSync(file('src/a.js'), 'utf8')).toBe('a\n');
  });
});

describe('a base that moves between the yes and the landing', () => {
  it.each<['same_files' | 'exact', string, boolean]>([
    ['same_files', 'notes.md', true],
    ['same_files', 'src/a.js', false],
    ['exact', 'notes.md', false],
    ['exact', 'src/a.js', false],
  ])('under %s, with %s edited: lands %s', async (approval, path, lands) => {
    bench = await aLandBench({ ...FILES, 'src/a.js': 'a\n\n\n\n\n\nz\n' }, { approval });
    const change = await bench.approved({ 'src/a.js': 'A\n\n\n\n\n\nz\n' });
    writeFileSync(file(path), path === 'src/a.js' ? 'a\n\n\n\n\n\nZ\n' : 'more\n');
    const from = commitAll(bench.repository, 'more');
    const { deps, log, store, project } = bench;
    expect(await landChange(deps, change)).toMatchObject({ kind: 'refused' });
    expect(await moveChange({ store, changes: log, project }, change)).toMatchObject({ kind: 'moved' });
    const moved = log.change(change.change_id) as ChangeRecord;
    expect(moved.approval !== undefined).toBe(lands);
    expect((await landChange(deps, moved)).kind).toBe(lands ? 'landed' : 'refused');
    expect(commits(from)).toBe(lands ? 1 : 0);
  });
});

describe('of several that land', () => {
  it('a holder that was taken for dead touches no ref', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    const from = head();
    const take = () =>
      bench.log.record({
        ...{ event: 'landing_taken', actor: 'runtime', by: 'worker_2', epoch: 2 },
        landing_id: bench.log.state.projects.get('sample')?.landing_id ?? '',
      });
    expect(await landChange(underLock(take), change)).toEqual({ kind: 'open' });
    expect([head(), status()]).toEqual([from, '']);
    expect(await recoverLanding({ ...bench.deps, by: 'worker_2' })).toMatchObject({ kind: 'refused' });
    expect(await landChange({ ...bench.deps, by: 'worker_2' }, bench.log.change(change.change_id) ?? change)).toMatchObject({
      kind: 'landed',
    });
    expect(commits(from)).toBe(1);
  });

  it('two at once land it once', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved(EDITS);
    const from = head();
    const ends = await Promise.all(['one', 'two', 'three'].map((by) => landChange({ ...bench.deps, by }, change)));
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['landed', 'refused', 'refused']);
    expect([commits(from), status()]).toEqual([1, '']);
  });
});
