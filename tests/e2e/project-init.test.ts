/** A first entry for a project, the sample, and tasks that wait for a project's dependencies. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { git, projectsKit } from './projects-kit.ts';
import { fakeApi, TestWorld } from './worker-kit.ts';

const kit = projectsKit();
const { home, root, cli, file } = kit;
afterAll(() => kit.remove());
beforeEach(() => kit.write({ version: 1, projects: {} }));

const entryOf = (name: string) => JSON.parse(readFileSync(file, 'utf8')).projects[name];
const json = (text: string) => JSON.parse(text);
const npm = (more: object) => ({
  'package.json': JSON.stringify(more),
  'package-lock.json': '{}',
  'src/a.js': '',
  'test/a.test.js': '',
});
const REPORT = '{out}/report.json';

const KINDS: readonly (readonly [name: string, files: Record<string, string>, unit: object, more: object])[] = [
  [
    'plain-node',
    npm({ name: 'x' }),
    {
      argv: ['node', '--test', '--test-reporter=junit', '--test-reporter-destination={out}/report.xml'],
      report: 'junit',
      only: 'paths',
    },
    { may_touch: ['src/**', 'test/**', '*.md'] },
  ],
  [
    'with-vitest',
    { ...npm({ devDependencies: { vitest: '4' } }), 'node_modules/vitest/vitest.mjs': '' },
    {
      argv: ['node', 'node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${REPORT}`],
      report: 'vitest-json',
      only: 'paths',
    },
    { dependencies: [{ at: 'node_modules', from: 'node_modules', key: ['package-lock.json'] }] },
  ],
  [
    'with-jest',
    { ...npm({ devDependencies: { jest: '30' } }), 'node_modules/jest/bin/jest.js': '' },
    {
      argv: ['node', 'node_modules/jest/bin/jest.js', '--ci', '--json', `--outputFile=${REPORT}`],
      report: 'vitest-json',
      only: 'paths',
    },
    {},
  ],
  [
    'with-mocha',
    { ...npm({ devDependencies: { mocha: '11' } }), 'node_modules/mocha/bin/mocha.js': '' },
    { argv: ['node', 'node_modules/mocha/bin/mocha.js', '--reporter', 'tap'], report: 'tap', only: 'paths' },
    {},
  ],
  [
    'with-types',
    { ...npm({ devDependencies: { typescript: '6' } }), 'tsconfig.json': '{}', 'node_modules/typescript/bin/tsc': '' },
    { report: 'junit' },
    { suites: { build: { argv: ['node', 'node_modules/typescript/bin/tsc', '--noEmit'], report: 'none' } } },
  ],
  [
    'in-python',
    { 'pyproject.toml': '[project]\nname = "x"\n', 'bill/__init__.py': '', 'tests/test_bill.py': '' },
    { argv: ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--junitxml={out}/report.xml'], report: 'junit' },
    { may_touch: ['bill/**', 'tests/**', '*.md'], tests_are: ['tests/**', '**/test_*.py', '**/*_test.py', '**/conftest.py'] },
  ],
  [
    'in-rust',
    { 'Cargo.toml': '[package]\nname = "x"\n', 'src/lib.rs': '', 'tests/a.rs': '' },
    { argv: ['cargo', 'test', '--offline', '--no-fail-fast'], report: 'cargo', timeout_s: 600 },
    { may_touch: ['src/**', 'tests/**', '*.md'] },
  ],
  [
    'in-go',
    { 'go.mod': 'module x\n', 'a.go': 'package x\n', 'a_test.go': 'package x\n' },
    { argv: ['go', 'test', '-json', './...'], report: 'go-json' },
    { may_touch: ['**/*.go', '*.md'] },
  ],
];
const THERE = new Set(['node', 'python3']);

describe('a first entry', () => {
  it.each(KINDS)('is written for a repository %s', async (name, files, unit, more) => {
    const path = kit.repository(name, files);
    const { code, stdout } = await cli('init', path, '--json');
    expect([code, json(stdout)]).toEqual([
      0,
      expect.objectContaining({ project: name, file, found: [expect.stringMatching(/./)] }),
    ]);
    const entry = entryOf(name);
    expect(entry).toMatchObject({ path, branch: 'main', land: 'ask', into: 'checkout', suites: { unit }, ...more });
    if (!THERE.has(entry.suites.unit.argv[0])) return;
    expect(await kit.check(name)).toEqual({ code: 0, findings: [] });
  });

  it('says what it could not find, which check then tells by its field', async () => {
    const path = kit.repository('Strange Things', { 'notes.txt': '' });
    const { stdout, code } = await cli('init', path);
    expect([code, stdout]).toEqual([0, expect.stringContaining('no way to run tests was recognised')]);
    expect((await kit.check('strange-things')).findings.map(({ field }) => field)).toEqual(['projects.strange-things.suites']);
  });

  it('leaves what is there as it is, comments too, and overwrites nothing', async () => {
    const before =
      '{\n  // read by me\n  "version": 1,\n  "projects": {\n    "plain-node": { "path": "/elsewhere" } /* mine */\n  }\n}\n';
    kit.write(before);
    const path = join(home, 'plain-node');
    expect(await cli('init', path)).toMatchObject({ code: 2, stderr: expect.stringContaining('is a project there already') });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await cli('init', path, '--name', 'second')).code).toBe(0);
    const after = readFileSync(file, 'utf8');
    for (const part of ['// read by me', '/* mine */', '"plain-node": { "path": "/elsewhere" }', '"second"'])
      expect(after).toContain(part);
    expect(await cli('init', path, '--name', 'third')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is the project second already'),
    });
  });

  it.each([
    ['nothing', [], /path: is missing/],
    ['a folder that is no repository', ['no-repo'], /not a git repository/],
    ['a name that is none', ['plain-node', '--name', 'No Name'], /small letters/],
  ])('is refused for %s', async (_what, [name, ...rest], said) => {
    mkdirSync(join(home, 'no-repo'), { recursive: true });
    const told = await cli('init', ...(name ? [join(home, name), ...rest] : []));
    expect([told.code, told.stderr]).toEqual([2, expect.stringMatching(said)]);
  });

  it('is refused into a file that does not read, which stays as it is', async () => {
    kit.write('{ "version": 1, ');
    expect((await cli('init', join(home, 'plain-node'))).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('{ "version": 1, ');
  });
});

describe('the sample', () => {
  it('becomes a repository with one commit whose tests pass, and prints the task that mends it', async () => {
    const { code, stdout } = await cli('init', '--sample', '--json');
    expect(code).toBe(0);
    const { project, add, entry } = json(stdout);
    expect([project, entry.path]).toEqual(['invoice', join(root, 'projects/invoice')]);
    expect(git(entry.path, 'status', '--porcelain')).toBe('');
    expect(git(entry.path, 'log', '--format=%s')).toBe('Add up invoices\n');
    execFileSync('node', ['--test'], { cwd: entry.path, env: { PATH: process.env['PATH'] } });
    expect(await kit.check('invoice')).toEqual({ code: 0, findings: [] });
    expect(add).toMatch(/^pnpm worker add mend-discount ".*" --project invoice --kind fix$/);
    const bug = ['-e', "import('./src/discount.js').then(({ discount }) => process.stdout.write(String(discount(100_00))))"];
    expect(execFileSync('node', bug, { cwd: entry.path, encoding: 'utf8' })).toBe('0');
    expect(await cli('init', '--sample')).toMatchObject({ code: 2, stderr: expect.stringContaining('something in') });
    expect((await cli('init', join(home, 'elsewhere'), '--sample', '--name', 'other')).code).toBe(0);
    expect(existsSync(join(home, 'elsewhere/src/discount.js'))).toBe(true);
  });
});

describe('a task of a project that cannot be changed as things are', () => {
  it('is held with what is wrong, and goes on when the person says that it is mended', async () => {
    const world = await TestWorld.open();
    const api = await fakeApi();
    const path = kit.repository('held', { 'src/a.js': '', 'package-lock.json': '{}\n' });
    const dependencies = [{ at: 'node_modules', from: 'node_modules', key: ['package-lock.json'] }];
    const held = { path, may_touch: ['src/**'], suites: { unit: { argv: ['node', '--test'], report: 'junit' } }, dependencies };
    mkdirSync(join(world.root, 'config'), { recursive: true });
    writeFileSync(world.paths.projectsFile, JSON.stringify({ version: 1, projects: { held } }));
    const of = (id: string, project: string) => ({ id, prompt: 'Mend it', project, gates: true });
    try {
      await world.add(of('change', 'held'), of('lost', 'nobodys'));
      await (await world.work(api)).ended;
      expect((await world.record('change')).hold).toMatchObject({
        kind: 'dependencies',
        action: 'pnpm worker project refresh held',
        reason: expect.stringMatching(
          /^held cannot be changed: projects\.held\.dependencies\.0\.from: there is no folder node_modules/,
        ),
      });
      expect((await world.record('lost')).hold?.reason).toContain('is not in config/projects.json');
      expect(api.calls).toEqual([]);
      const refresh = (name: string) => cliHere(world, ['project', 'refresh', name, '--json']);
      expect(await refresh('nobodys')).toMatchObject({ code: 2, stderr: expect.stringContaining('nobodys') });
      mkdirSync(join(path, 'node_modules'));
      expect(json((await refresh('held')).stdout)).toEqual({ project: 'held', tasks: ['change'] });
      const installed = json(readFileSync(join(world.paths.swarm, 'changes/held/installed.json'), 'utf8'));
      expect(installed).toEqual({ 'package-lock.json': [createHash('sha256').update('{}\n').digest('hex')] });
      expect((await world.record('change')).hold).toBeUndefined();
      expect((await world.record('lost')).hold).toBeDefined();
    } finally {
      await api.close();
      await world.close();
    }
  });
});
