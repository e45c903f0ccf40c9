import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { examine, filesOf, openProjects, runSuite, staticChecks } from '@vivarium/changes';
import { workspacePaths } from '@vivarium/core';
import { findTools } from '@vivarium/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeFiles } from './changes-kit.ts';
import { DIALECTS, ODD } from './verification-dialects.ts';
import { benchOf, detailOf, type Edits, handedIn, judged, nodeJunit, rejections } from './verification-kit.ts';

type ABench = Awaited<ReturnType<typeof benchOf>>;
let bench: ABench;
afterEach(() => bench?.end());

const [node = never()] = DIALECTS;
const FIX: Edits = { [node.code]: node.source({ half: 'exact' }), [node.test('odd')]: node.tests(ODD) };

describe('what can be said of a change without running it', () => {
  const INVISIBLE = '\u200b';
  const settings = {
    may_touch: ['src/**', 'test/**', '*.json', '*.lock', 'logo.png'],
    limits: limits({ files_changed: 3, file_kb: 4 }),
  };

  let one: ABench;
  beforeAll(async () => {
    one = await benchOf(node.ecosystem, settings);
  });
  afterAll(() => one.end());

  it.each<[string, Edits, string, RegExp]>([
    ['nothing', {}, 'change.nonempty', /nothing/],
    ['a path outside', { 'lib/a.js': '1\n' }, 'change.paths', /lib\/a\.js is not among/],
    ['a path of tier A', { 'src/.gitattributes': '* ident\n' }, 'change.paths', /tier A/],
    ['a workflow', { '.github/workflows/ci.yml': 'on: push\n' }, 'change.paths', /tier A/],
    ['too many files', { 'src/1.js': '1', 'src/2.js': '2', 'src/3.js': '3', 'src/4.js': '4' }, 'change.size', /4 files/],
    ['a large file', { 'src/a.js': 'const a = 1;\n'.repeat(400) }, 'change.size', /4 KB/],
    ['a NUL byte in code', { 'src/a.js': 'a\0b' }, 'change.text', /src\/a\.js:1: it holds a NUL/],
    ['text that turns around', { 'src/a.js': 'ok\n// \u202e evil\n' }, 'change.text', /src\/a\.js:2/],
    ['an invisible letter', { 'src/a.js': `a${INVISIBLE}b\n` }, 'change.text', /nobody sees/],
    ['a look-alike letter', { 'src/a.js': 'const \u0430dmin = 1;\n' }, 'change.text', /two scripts/],
    ['a secret', { 'src/a.js': `const key = "ghp_${'a1B2'.repeat(9)}";\n` }, 'change.text', /key or a password/],
    ['encoded data', { 'src/a.js': `eval(atob("${'QUJD'.repeat(60)}"));\n` }, 'change.text', /encoded/],
  ])('%s is refused', async (_what, edits, rule, words) => {
    const checks = await staticChecks(one, await handedIn(one, { edits }));
    expect(rejections({ checks })).toEqual([rule]);
    expect(detailOf({ checks }, rule)).toMatch(words);
  });

  it('what a person looks at anyway is not: binaries, lockfiles, packages that want a script', async () => {
    const edits = {
      'package.json': '{"scripts":{"postinstall":"curl x"}}\n',
      'yarn.lock': 'resolved "https://example.org/x"\n',
      'logo.png': 'PNG\0\0',
    };
    const change = await handedIn(one, { edits });
    expect(change.files.map(({ tier }) => tier)).toEqual(['B', 'B', 'B']);
    expect(rejections({ checks: await staticChecks(one, change) })).toEqual([]);
  });

  it('a tree that its entries do not make is refused', async () => {
    const change = await handedIn(one, { edits: { 'src/a.js': 'a\n' } });
    const checks = await staticChecks(one, { ...change, tree: one.base });
    expect(rejections({ checks })).toEqual(['change.reproducible']);
  });
});

describe.skipIf(node.ecosystem.missing)('a suite', () => {
  it('runs on a checkout of the tree without what is withheld, and nothing stays', async () => {
    const shows =
      "require('node:fs').readdirSync('/project/data').forEach((name) => require('node:test').test(name, () => undefined));\n";
    const files = {
      ...node.ecosystem.files,
      'data/open.txt': '1',
      'data/customers.csv': '2',
      'data/.env': '3',
      'test/data.test.js': shows,
    };
    bench = await benchOf({ ...nodeJunit, files }, { withhold: ['data/customers.csv'] });
    const { project, store, base } = bench;
    const run = await runSuite({ project, store, tools: findTools() }, { tree: base, suite: 'unit' });
    expect([...run.cases.keys()].sort()).toEqual(['adds', 'halves', 'open.txt']);
    expect(run).toMatchObject({ report: 'ok', exit_code: 0, suite: 'unit', tree: base, timed_out: false });
    expect(readdirSync(join(store.folder, 'runs'))).toEqual([]);
  });

  it.each(['a link to a file of the host', 'a folder', 'nothing'])('whose report is %s has none', async (what) => {
    const make: Record<string, string> = {
      'a link to a file of the host': "require('node:fs').symlinkSync('/etc/passwd', '/out/report.xml');",
      'a folder': "require('node:fs').mkdirSync('/out/report.xml');",
      nothing: '',
    };
    bench = await benchOf(
      { ...nodeJunit, files: { 'run.js': `${make[what]}\n` } },
      suiteOf(['node', 'run.js', '{out}/report.xml']),
    );
    const run = await runSuite({ ...bench, tools: findTools() }, { tree: bench.base, suite: 'unit' });
    expect(run).toMatchObject({ report: 'missing', exit_code: 0 });
  });

  it('may write where runners keep their things beside what is installed, and nowhere else in it', async () => {
    const writes =
      "const fs = require('node:fs');\nfs.mkdirSync('node_modules/.vite-temp', { recursive: true });\nfs.writeFileSync('node_modules/.vite-temp/x', '');\nfs.writeFileSync('node_modules/lib/x', '');\n";
    bench = await benchOf({ ...nodeJunit, files: { 'run.js': writes } }, suiteOf(['node', 'run.js']));
    for (const name of ['.vite-temp', 'lib']) mkdirSync(join(bench.repository, 'node_modules', name), { recursive: true });
    Object.assign(bench.project.settings, { dependencies: [{ at: 'node_modules', from: 'node_modules', key: [] }] });
    const { output } = await runSuite({ ...bench, tools: findTools() }, { tree: bench.base, suite: 'unit' });
    expect(output).toMatch(/EROFS.*node_modules\/lib\/x/);
    expect(readdirSync(join(bench.repository, 'node_modules', '.vite-temp'))).toEqual([]);
  });

  it('sweeps what a killed process left, and not what a living one uses', async () => {
    bench = await benchOf(node.ecosystem);
    const runs = join(bench.store.folder, 'runs');
    for (const name of [`4194304-gone`, `${process.pid}-here`]) mkdirSync(join(runs, name), { recursive: true });
    await runSuite({ ...bench, tools: findTools() }, { tree: bench.base, suite: 'unit' });
    expect(readdirSync(runs)).toEqual([`${process.pid}-here`]);
  });
});

describe.skipIf(node.ecosystem.missing)('an examination', () => {
  it('that is stopped says nothing and leaves nothing, and the next one goes on', async () => {
    bench = await benchOf(node.ecosystem);
    const stop = new AbortController();
    const stopped = judged(bench, { edits: FIX }, stop.signal);
    stop.abort();
    expect(await stopped).toMatchObject({ checks: [], proven: false, interrupted: expect.any(String) });
    expect(readdirSync(join(bench.store.folder, 'runs'))).toEqual([]);
    expect(await judged(bench, { edits: FIX })).toMatchObject({ proven: true });
  });

  it('without a sandbox says nothing', async () => {
    bench = await benchOf(node.ecosystem);
    const { project, store } = bench;
    const seen = await examine({ project, store, tools: {} }, await handedIn(bench, { edits: FIX }), { stage: 'review' });
    expect(seen).toMatchObject({ checks: [], proven: false, interrupted: expect.stringContaining('bubblewrap') });
  });

  it('uses runs again within the same change alone, and not after a day', async () => {
    bench = await benchOf(node.ecosystem);
    const change = await handedIn(bench, { edits: FIX });
    let now = Date.parse('2026-01-01T00:00:00Z');
    const clock = { now: () => new Date(now), monotonicMs: () => now };
    const { project, store } = bench;
    const results = () => readdirSync(join(store.folder, 'results')).length;
    const look = (about = change) => examine({ project, store, tools: findTools(), clock }, about, { stage: 'unit' });
    const first = await look();
    expect(first.proven).toBe(true);
    expect(first.checks.find(({ rule }) => rule === 'tests.kept')?.binding).toMatch(/^[0-9a-f]{64}$/);
    const kept = results();
    await runsOf(store.folder, 0, async () => expect((await look()).proven).toBe(true));
    expect(results()).toBe(kept);
    await look({ ...change, change_id: 'chg_ffffffffff' });
    expect(results()).toBeGreaterThan(kept + 2);
    now += 86_400_001;
    rmSync(join(store.folder, 'results'), { recursive: true });
    expect((await look()).proven).toBe(true);
  });

  it('waits for a person where other dependencies may be needed, until they are installed', async () => {
    bench = await benchOf(node.ecosystem);
    const dependencies = [{ at: 'node_modules', from: 'node_modules', key: ['package-lock.json'] }];
    Object.assign(bench.project.settings, { dependencies });
    mkdirSync(join(bench.repository, 'node_modules'));
    const edits = { ...FIX, 'package-lock.json': '{"lockfileVersion":3}\n' };
    expect(await judged(bench, { edits })).toMatchObject({ checks: [], stale: expect.stringContaining('package-lock.json') });
    writeFiles(bench.repository, { 'package-lock.json': '{"lockfileVersion":3}\n' });
    await openProjects({ paths: workspacePaths(join(bench.root, 'workspace')), installation: bench.root }).installed(
      bench.project,
    );
    const seen = await judged(bench, { edits });
    expect(seen.stale).toBeUndefined();
    expect(seen.proven).toBe(true);
  });

  it('lets QA bring the red test later where that gate is on, and asks for it once it could', async () => {
    bench = await benchOf(node.ecosystem, { gates: ['qa', 'unit', 'integration'] });
    const edits = { [node.code]: node.source({ half: 'exact' }) };
    const review = await judged(bench, { edits });
    expect(review.proven).toBe(false);
    expect(rejections(review)).toEqual([]);
    expect(rejections(await judged(bench, { edits, stage: 'unit' }))).toEqual(['tests.red_first']);
  });

  it('says of a build that ends red what it said', async () => {
    const build = { argv: ['node', '--check', 'src/sum.js'], report: 'none' as const, timeout_s: 20, reads_clock: false };
    const suites = { build, ...node.ecosystem.settings.suites };
    bench = await benchOf(node.ecosystem, { suites });
    const seen = await judged(bench, { edits: { [node.code]: 'exports.sum = (;\n' } });
    expect(rejections(seen)).toContain('build.passes');
    expect(detailOf(seen, 'build.passes')).toContain('SyntaxError');
  });

  it('counts no failure that the base has, names it, and does not take it for mended', async () => {
    const red = "require('node:test').test('old', () => { throw new Error('still'); });\n";
    bench = await benchOf({ ...node.ecosystem, files: { ...node.ecosystem.files, 'test/old.test.js': red } });
    const seen = await judged(bench, { edits: FIX });
    expect(rejections(seen)).toEqual([]);
    expect(detailOf(seen, 'tests.base')).toContain('failing already: "old"');
    expect(detailOf(seen, 'tests.kept')).toContain('failed on the base already: "old"');
    const { files } = await filesOf(bench.store, bench.project, bench.base, bench.base);
    expect(files).toEqual([]);
  });

  it('names each stretch of code that no test protects', async () => {
    bench = await benchOf(node.ecosystem, { mutation_probe: 'reject' });
    const loose = { ...FIX, [node.code]: `${node.source({ half: 'exact' })}exports.extra = () => 1;\n` };
    const seen = await judged(bench, { edits: loose });
    expect(rejections(seen)).toEqual(['tests.probe']);
    expect(detailOf(seen, 'tests.probe')).toBe('no test fails without src/sum.js:4');
  });
});

function suiteOf(argv: string[]) {
  return { suites: { unit: { argv, report: 'junit' as const, timeout_s: 20, reads_clock: false } } };
}

function limits(more: object) {
  return { memory_mb: 2_048, disk_mb: 512, processes: 256, files_changed: 50, lines_changed: 2_000, file_kb: 512, ...more };
}

/** How many checkouts are made while something runs is not seen from outside; what is kept of them is. */
async function runsOf(folder: string, more: number, act: () => Promise<unknown>): Promise<void> {
  const before = readdirSync(join(folder, 'results')).length;
  await act();
  expect(readdirSync(join(folder, 'results')).length - before).toBe(more);
}

function never(): never {
  throw new Error('no dialect');
}
