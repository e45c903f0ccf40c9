import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { landChange, recoverLanding } from '@vivarium/changes';
import { afterEach, describe, expect, it } from 'vitest';
import { commitAll, git } from './changes-kit.ts';
import { aLandBench, type LandBench } from './landing-kit.ts';

let bench: LandBench;
afterEach(() => bench.end());

const FILES = { 'src/sum.js': 'bad\n', 'src/old.js': 'old\n', 'notes.md': 'mine\n' };
const read = (path: string) => readFileSync(join(bench.repository, path), 'utf8');
const head = () => git(bench.repository, ['rev-parse', 'main']).trim();
const status = () => git(bench.repository, ['status', '--porcelain', '-uall']);

describe('landing', () => {
  it('puts an approved change onto the branch as one commit, and leaves everything else as it was', async () => {
    bench = await aLandBench({ ...FILES, '.gitignore': 'ignored/\n' });
    writeFileSync(join(bench.repository, 'notes.md'), 'mine, edited\n');
    writeFileSync(join(bench.repository, 'staged.md'), 'staged\n');
    git(bench.repository, ['add', 'staged.md']);
    writeFileSync(join(bench.repository, 'staged.md'), 'staged, then edited\n');
    writeFileSync(join(bench.repository, 'untracked.md'), 'untracked\n');
    mkdirSync(join(bench.repository, 'ignored'));
    writeFileSync(join(bench.repository, 'ignored/x'), 'ignored\n');
    const before = status();
    const from = head();
    const change = await bench.approved({ 'src/sum.js': 'good\n', 'src/new/deep.js': 'new\n', 'src/old.js': null });
    const end = await landChange(bench.deps, change);
    expect(end).toEqual({ kind: 'landed', commit: head() });
    expect(git(bench.repository, ['rev-parse', 'main^']).trim()).toBe(from);
    expect(git(bench.repository, ['rev-parse', 'main^{tree}']).trim()).toBe(change.tree);
    expect([read('src/sum.js'), read('src/new/deep.js'), existsSync(join(bench.repository, 'src/old.js'))]).toEqual([
      'good\n',
      'new\n',
      false,
    ]);
    expect(status()).toBe(before);
    expect([read('notes.md'), read('staged.md'), read('untracked.md'), read('ignored/x')]).toEqual([
      ...['mine, edited\n', 'staged, then edited\n', 'untracked\n', 'ignored\n'],
    ]);
    const said = git(bench.repository, ['log', '-1', '--format=%an|%ae|%cn|%B']);
    expect(said).toMatch(/^Ada\|ada@vivarium\.invalid\|Vivarium\|Mend it\n\nIt was broken\.\n\nVivarium-Task: t_/);
    for (const trailer of [
      `Vivarium-Change: ${change.change_id}`,
      `Vivarium-Entries: ${change.entries_sha256}`,
      'Vivarium-Approval: ',
    ])
      expect(said).toContain(trailer);
    expect(bench.log.change(change.change_id)).toMatchObject({ phase: 'landed', landing: { commit: head() } });
    expect(await landChange(bench.deps, change)).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, () => void, string[]]>([
    ['an edited file', () => writeFileSync(join(bench.repository, 'src/sum.js'), 'mine\n'), ['src/sum.js']],
    [
      'an edit that is staged',
      () => {
        writeFileSync(join(bench.repository, 'src/sum.js'), 'mine\n');
        git(bench.repository, ['add', '-A']);
        writeFileSync(join(bench.repository, 'src/sum.js'), 'bad\n');
      },
      ['src/sum.js'],
    ],
    ['an untracked file in the way', () => writeFileSync(join(bench.repository, 'src/new.js'), 'mine\n'), ['src/new.js']],
    ['a folder in the way', () => mkdirSync(join(bench.repository, 'src/new.js/inner'), { recursive: true }), ['src/new.js']],
    ['a deleted file', () => git(bench.repository, ['rm', '-q', '--cached', 'src/sum.js']), ['src/sum.js']],
  ])('waits for the person with %s, and writes over nothing', async (_what, edit, paths) => {
    bench = await aLandBench(FILES);
    const change = await bench.approved({ 'src/sum.js': 'good\n', 'src/new.js': 'new\n' });
    edit();
    const [before, from] = [status(), head()];
    const end = await landChange(bench.deps, change);
    expect(end).toMatchObject({ kind: 'held', paths });
    expect([status(), head()]).toEqual([before, from]);
    expect(bench.log.change(change.change_id)).toMatchObject({ phase: 'handed_in', held: { why: 'your_edits', paths } });
  });

  it.each<[string, () => void, RegExp]>([
    ['another branch is checked out', () => git(bench.repository, ['checkout', '-q', '-b', 'other']), /not checked out/],
    [
      'the branch is checked out twice',
      () => git(bench.repository, ['worktree', 'add', '-f', '-q', join(bench.root, 'second'), 'main']),
      /checked out in/,
    ],
    ['a merge is under way', () => writeFileSync(join(bench.repository, '.git/MERGE_HEAD'), head()), /a merge is under way/],
    ['git is at work', () => writeFileSync(join(bench.repository, '.git/index.lock'), ''), /index\.lock exists/],
  ])('waits for the person when %s', async (_what, trouble, why) => {
    bench = await aLandBench(FILES);
    const change = await bench.approved({ 'src/sum.js': 'good\n' });
    trouble();
    const end = await landChange(bench.deps, change);
    expect(end.kind === 'held' ? end.because : end.kind).toMatch(why);
    expect(read('src/sum.js')).toBe('bad\n');
  });

  it('lands nothing on a branch that went on, and moves a file between folders and names', async () => {
    bench = await aLandBench({ ...FILES, 'a/b.js': 'x\n', c: 'y\n' });
    const late = await bench.approved({ 'src/sum.js': 'good\n' });
    writeFileSync(join(bench.repository, 'more.md'), 'more\n');
    commitAll(bench.repository, 'more');
    expect(await landChange(bench.deps, late)).toEqual({ kind: 'refused', because: 'the branch went on' });
    const change = await bench.approved({ 'a/b.js': null, a: 'a file\n', c: null, 'c/d.js': 'a folder\n' });
    expect((await landChange(bench.deps, change)).kind).toBe('landed');
    expect([read('a'), read('c/d.js'), status()]).toEqual(['a file\n', 'a folder\n', '']);
  });

  it('keeps executable bits and what the owner allows others', async () => {
    bench = await aLandBench(FILES);
    const mode = statSync(join(bench.repository, 'src/sum.js')).mode;
    const change = await bench.approved({ 'src/sum.js': 'good\n' });
    await landChange(bench.deps, change);
    expect(statSync(join(bench.repository, 'src/sum.js')).mode).toBe(mode);
  });

  it('into a ref moves the branch and touches no file', async () => {
    bench = await aLandBench(FILES, { into: 'ref' });
    git(bench.repository, ['checkout', '-q', '-b', 'other']);
    const change = await bench.approved({ 'src/sum.js': 'good\n' });
    expect((await landChange(bench.deps, change)).kind).toBe('landed');
    expect([read('src/sum.js'), status(), git(bench.repository, ['show', 'main:src/sum.js'])]).toEqual(['bad\n', '', 'good\n']);
  });

  it('has nothing to recover when nothing is open', async () => {
    bench = await aLandBench(FILES);
    expect(await recoverLanding(bench.deps)).toBeUndefined();
  });

  it('writes through no folder that was made a link, whatever lies behind it', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved({ 'src/sum.js': 'good\n' });
    const elsewhere = `${bench.repository}-elsewhere`;
    renameSync(join(bench.repository, 'src'), elsewhere);
    symlinkSync(elsewhere, join(bench.repository, 'src'));
    const end = await landChange(bench.deps, change);
    expect(end).toMatchObject({ kind: 'held', paths: ['src/sum.js'] });
    expect(readFileSync(join(elsewhere, 'sum.js'), 'utf8')).toBe('bad\n');
    expect(bench.log.change(change.change_id)).toMatchObject({ phase: 'handed_in', held: { why: 'your_edits' } });
    rmSync(elsewhere, { recursive: true });
  });

  it('leaves nothing behind when it is refused, however often it is tried', async () => {
    bench = await aLandBench(FILES);
    const change = await bench.approved({ 'src/sum.js': 'good\n' });
    const because = 'a restore';
    await bench.log.record({ event: 'project_paused', actor: 'runtime', project: bench.project.name, because });
    expect(await landChange(bench.deps, change)).toEqual({ kind: 'refused', because: 'the project is paused: a restore' });
    await bench.log.record({ event: 'project_paused', actor: 'runtime', project: bench.project.name });
    const checkpoint = await bench.deps.checkpoint();
    await bench.log.record(checkpoint);
    expect(await landChange({ ...bench.deps, checkpoint: async () => checkpoint }, change)).toMatchObject({ kind: 'refused' });
    expect((await bench.store.refs('refs/landings/')).size).toBe(0);
  });
});
