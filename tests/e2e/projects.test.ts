/** `config/projects.json`: what is wrong is told by its field, and what is there is found. Nothing of a project is run. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProjects } from '@vivarium/changes';
import { workspacePaths } from '@vivarium/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { git, projectsKit, repository } from './projects-kit.ts';

const kit = projectsKit();
const { home, root } = kit;
const SUITES = { unit: { argv: ['node', '--test', '--test-reporter=junit'], report: 'junit' } };
let good: Readonly<Record<string, unknown>>;

beforeAll(() => {
  const path = kit.repository('invoice', {
    'src/a.js': 'export const a = 1;\n',
    'src/crlf.txt': 'a\n',
    'src/big.bin': 'x\n',
    'test/a.test.js': '',
    'package-lock.json': '{}',
    'node_modules/left/index.js': '',
  });
  good = { path, may_touch: ['src/**', 'test/**'], tests_are: ['test/**'], suites: SUITES };
  git(home, 'clone', '--quiet', '--bare', path, 'bare.git');
  git(path, 'worktree', 'add', '--quiet', '-b', 'other', join(home, 'linked'));
  symlinkSync(path, join(home, 'link'));
  symlinkSync(home, join(home, 'around'));
  writeFileSync(join(home, 'plain-file'), '');
  mkdirSync(join(home, 'no-repository/deep'), { recursive: true });
  repository(join(root, '.swarm/inside'), { a: '' });
  symlinkSync('/usr', join(path, 'outside'));
  repository(join(home, 'attributes'), {
    'src/a.js': '',
    'src/crlf.txt': '',
    'src/p.psd': '',
    'src/id.js': '',
    'src/utf.ps1': '',
    '.gitattributes': '*.txt eol=crlf\n*.psd filter=lfs diff=lfs\nid.js ident\n*.ps1 working-tree-encoding=UTF-16\n',
  });
  const beside = repository(join(home, 'beside'), { 'src/a.js': '' });
  mkdirSync(join(beside, '.git/info'), { recursive: true });
  writeFileSync(join(beside, '.git/info/attributes'), '*.js filter=evil\n');
  const outer = repository(join(home, 'outer'), { 'src/a.js': '' });
  git(outer, 'update-index', '--add', '--cacheinfo', `160000,${git(path, 'rev-parse', 'HEAD').trim()},src/sub`);
  git(outer, 'commit', '--quiet', '--message', 'Add a submodule');
  mkdirSync(join(home, 'empty'));
  git(join(home, 'empty'), 'init', '--quiet', '--initial-branch=main');
});
afterAll(() => kit.remove());

type Change = object | ((home: string) => object);
/** What is changed in a good entry, the field that is named, and what is said of it. */
const WRONG: readonly (readonly [field: string, change: Change, problem: RegExp])[] = [
  ['path', { path: undefined }, /expected string/],
  ['path', { path: 'src/invoice' }, /not absolute/],
  ['path', (home) => ({ path: join(home, 'nothing') }), /nothing at/],
  ['path', (home) => ({ path: join(home, 'plain-file') }), /not a folder/],
  ['path', (home) => ({ path: join(home, 'link') }), /is a link/],
  ['path', (home) => ({ path: join(home, 'around/invoice') }), /leads through a link/],
  ['path', (home) => ({ path: join(home, 'world/.swarm/inside') }), /\.swarm/],
  ['path', { path: '/etc' }, /folder of the system/],
  ['path', { path: '/usr/share' }, /folder of the system/],
  ['path', { path: '/' }, /folder of the system/],
  ['path', (home) => ({ path: join(home, 'no-repository') }), /not a git repository/],
  ['path', (home) => ({ path: join(home, 'invoice/src') }), /inside the repository/],
  ['path', (home) => ({ path: join(home, 'linked') }), /linked work tree/],
  ['into', (home) => ({ path: join(home, 'bare.git') }), /bare/],
  ['branch', { branch: 'nobodys' }, /branch nobodys/],
  ['branch', (home) => ({ path: join(home, 'empty') }), /has no commit/],
  ['branch', { branch: '-x' }, /not the name of a branch/],
  ['branch', { branch: 'a..b' }, /not the name of a branch/],
  ['land', { land: 'push' }, /ask/],
  ['approval', { approval: 'loose' }, /exact/],
  ['may_touch', { may_touch: [] }, /name what residents may change/],
  ['may_touch.0', { may_touch: ['/src/**'] }, /starts at the root/],
  ['may_touch.0', { may_touch: ['src'] }, /is a folder/],
  ['may_touch.1', { may_touch: ['src/**', '../x'] }, /"\.\."/],
  ['ask_for.0', { ask_for: ['src\\a'] }, /backslash/],
  ['never.0', { never: ['!src/a.js'] }, /starts with "!"/],
  ['withhold.0', { withhold: ['a**'] }, /"\*\*"/],
  ['tests_are.0', { tests_are: ['test'] }, /is a folder/],
  ['may_touch', (home) => ({ path: join(home, 'attributes'), may_touch: ['src/*.txt'] }), /eol=crlf/],
  ['may_touch', (home) => ({ path: join(home, 'attributes'), may_touch: ['src/*.psd'] }), /filter=lfs/],
  ['may_touch', (home) => ({ path: join(home, 'attributes'), may_touch: ['src/id.js'] }), /ident=set/],
  ['may_touch', (home) => ({ path: join(home, 'attributes'), may_touch: ['src/*.ps1'] }), /working-tree-encoding/],
  ['may_touch', (home) => ({ path: join(home, 'beside') }), /filter=evil/],
  ['may_touch', (home) => ({ path: join(home, 'outer') }), /submodule/],
  ['suites', { suites: {} }, /there is none/],
  ['suites', { suites: undefined }, /expected record/],
  ['suites.unit.argv', { suites: { unit: { argv: [], report: 'none' } } }, /name the program/],
  ['suites.unit.argv', { suites: { unit: { argv: ['cat', 'report.xml'], report: 'junit' } } }, /only reads/],
  ['suites.unit.argv', { suites: { unit: { argv: ['true'], report: 'none' } } }, /only reads/],
  ['suites.unit.argv', { suites: { unit: { argv: ['npm', 'test'], report: 'tap' } } }, /what the changed tree says/],
  ['suites.unit.argv', { suites: { unit: { argv: ['/bin/sh', '-c', 'x'], report: 'tap' } } }, /what the changed tree says/],
  ['suites.unit.argv', { suites: { unit: { argv: ['node --test'], report: 'tap' } } }, /one argument/],
  ['suites.unit.argv', { suites: { unit: { argv: ['no-such-program'], report: 'tap' } } }, /not found/],
  [
    'suites.unit.argv',
    { suites: { unit: { argv: ['node', 'node_modules/vitest/vitest.mjs'], report: 'tap' } } },
    /no file node_modules/,
  ],
  ['suites.unit.report', { suites: { unit: { argv: ['node'], report: 'html' } } }, /junit/],
  ['suites.unit.timeout_s', { suites: { unit: { argv: ['node'], report: 'tap', timeout_s: 0 } } }, />=1/],
  ['suites.unit.only', { suites: { unit: { argv: ['node', 'x'], report: 'none', only: 'paths' } } }, /without a report/],
  ['suites.Unit Tests', { suites: { 'Unit Tests': SUITES.unit } }, /small letters/],
  ['commands.format.argv', { commands: { format: { argv: ['npx', 'prettier'] } } }, /what the changed tree says/],
  ['dependencies.0.from', { dependencies: [{ at: 'node_modules', from: '../node_modules' }] }, /not a path inside/],
  ['dependencies.0.at', { dependencies: [{ at: '/node_modules', from: 'node_modules' }] }, /not a path inside/],
  ['dependencies.0.from', { dependencies: [{ at: 'x', from: 'outside' }] }, /leads out of the project/],
  ['dependencies.0.from', { dependencies: [{ at: 'x', from: 'absent' }] }, /no folder absent/],
  [
    'dependencies.0.key.0',
    { dependencies: [{ at: 'node_modules', from: 'node_modules', key: ['yarn.lock'] }] },
    /no file yarn.lock/,
  ],
  ['tools.0', { tools: ['usr'] }, /not absolute/],
  ['tools.1', { tools: ['/usr', '/no/such/tools'] }, /no folder/],
  ['tools.0', { tools: ['/'] }, /own records/],
  ['tools.0', { tools: ['/etc'] }, /not a folder of tools/],
  ['environment.A B', { environment: { 'A B': '1' } }, /name of a variable/],
  ['limits.memory_mb', { limits: { memory_mb: 1 } }, />=16/],
  ['gates', { gates: ['vote', 'qa'] }, /unit and integration cannot be left out/],
  ['gates.0', { gates: ['review'] }, /vote/],
  ['executor', { executor: 'magic' }, /no executor magic/],
  ['max_steps', { max_steps: 1_000 }, /<=200/],
  ['', { may_tuoch: ['src/**'] }, /may_tuoch/],
];

describe('a project that is wrong', () => {
  it.each(WRONG)('is refused by its field %s: %j', async (field, change, problem) => {
    kit.write({ version: 1, projects: { invoice: { ...good, ...(typeof change === 'function' ? change(home) : change) } } });
    const { code, findings } = await kit.check('invoice');
    expect(code).toBe(1);
    const at = ['projects.invoice', field].filter(Boolean).join('.');
    expect(findings).toContainEqual({
      project: 'invoice',
      field: at,
      problem: expect.stringMatching(problem),
      fix: expect.stringMatching(/^[A-Z`a-z].{3,}/),
    });
    expect(findings.every((finding) => finding.field === at)).toBe(true);
  });

  it.each([
    ['file', '{"version": 1,', /line 1, column/],
    ['file', '', /./],
    ['file', '[]', /not an object/],
    ['version', '{"version": 2, "projects": {}}', /must be 1/],
    ['projects', '{"version": 1, "projects": []}', /must be an object/],
    ['project', '{"version": 1, "project": {}}', /not a field/],
    ['file', '{"version": 1, "projects": {"a": {}, "a": {}}}', /projects\.a is given twice/],
  ])('is a file whose %s is wrong: %s', async (field, text, problem) => {
    kit.write(text);
    const { code, findings } = await kit.check();
    expect([code, findings[0]]).toEqual([
      1,
      { project: '', field, problem: expect.stringMatching(problem), fix: expect.any(String) },
    ]);
  });

  it('leaves the others as they are, and is told beside them', async () => {
    kit.write({ version: 1, projects: { invoice: good, 'Bad Name': good, twin: good, other: { path: 'x' } } });
    const { findings } = await kit.check();
    expect(findings.map(({ project, field }) => [project, field])).toEqual(
      expect.arrayContaining([
        ['Bad Name', 'projects.Bad Name'],
        ['twin', 'projects.twin.path'],
        ['other', 'projects.other.may_touch'],
      ]),
    );
    const { stdout } = await kit.cli('list', '--json');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).project),
    ).toEqual(['invoice']);
    expect((await kit.check('invoice')).code).toBe(0);
    expect((await kit.cli('show', 'twin')).code).toBe(2);
    const doctor = JSON.parse((await cliHere({ root }, ['doctor', '--json'])).stdout);
    expect(doctor.findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        check: 'projects',
        message: expect.stringMatching(/^projects\.other\.may_touch: /),
      }),
    );
    expect((await kit.check('invoise')).findings[0]?.fix).toBe('Did you mean invoice?');
  });
});

describe('a machine that cannot', () => {
  const onMachine = (version: string, ok: boolean) =>
    openProjects({
      paths: workspacePaths(root),
      installation: home,
      machine: {
        gitVersion: async () => version,
        cage: async () => (ok ? { ok, detail: '' } : { ok, detail: 'bubblewrap is not installed', fix: 'Install it' }),
      },
    });

  it('says why: an older git, or no sandbox', async () => {
    kit.write({ version: 1, projects: { invoice: good } });
    expect(await onMachine('git version 2.37.9', true).check()).toEqual([
      { project: 'invoice', field: 'git', problem: expect.stringContaining('2.38'), fix: expect.any(String) },
    ]);
    expect(await onMachine('git version 2.50.1', false).check()).toEqual([
      { project: 'invoice', field: 'sandbox', problem: 'changes are off: bubblewrap is not installed', fix: 'Install it' },
    ]);
    expect(await onMachine('git version 2.38.0', true).check()).toEqual([]);
  });
});

describe('a file that is in order', () => {
  it('may hold comments, is read anew when it changed, and its hash tells one wording from another', async () => {
    const text = (more: string) =>
      `{\n  // mine\n  "version": 1, "projects": { "invoice": ${JSON.stringify({ ...good })}, ${more} }, }\n`;
    kit.write(text(''));
    expect(await kit.check()).toEqual({ code: 0, findings: [] });
    const projects = openProjects({ paths: workspacePaths(root), installation: home });
    const first = await projects.get('invoice');
    kit.write({ version: 1, projects: { invoice: Object.fromEntries(Object.entries(good).reverse()), more: { ...good } } });
    expect((await projects.get('invoice'))?.policy_sha256).toBe(first?.policy_sha256);
    kit.write({ version: 1, projects: { invoice: { ...good, never: ['src/legacy/**'] } } });
    expect((await projects.get('invoice'))?.policy_sha256).not.toBe(first?.policy_sha256);
    kit.write({ version: 1, projects: {} });
    expect([await projects.get('invoice'), await projects.list()]).toEqual([undefined, []]);
  });

  it("guards Vivarium's own rules in its own repository, whatever the entry says", async () => {
    const path = repository(join(home, 'own'), { 'package.json': '{"name": "vivarium"}', 'src/a.js': '' });
    kit.write({ version: 1, projects: { own: { ...good, path, may_touch: ['**'], tests_are: [] } } });
    const { settings } = (await openProjects({ paths: workspacePaths(root), installation: home }).get('own')) ?? {};
    expect([settings?.approval, settings?.never]).toEqual(['exact', expect.arrayContaining(['config/**', 'scripts/**'])]);
  });
});

describe('a hostile repository', () => {
  it('runs nothing while it is looked at', async () => {
    const fired = join(home, 'fired');
    const path = repository(join(home, 'hostile'), { 'src/a.js': '', 'src/b.c': '', '.gitattributes': '*.c filter=evil\n' });
    const script = join(home, 'fire');
    writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${fired}\ncat\n`);
    chmodSync(script, 0o755);
    for (const hook of [
      'post-checkout',
      'pre-commit',
      'reference-transaction',
      'post-index-change',
      'fsmonitor-watchman',
      'pre-auto-gc',
      'post-merge',
      'update',
      'post-update',
    ]) {
      mkdirSync(join(path, '.git/hooks'), { recursive: true });
      writeFileSync(join(path, '.git/hooks', hook), `#!/bin/sh\necho ${hook} >> ${fired}\n`);
      chmodSync(join(path, '.git/hooks', hook), 0o755);
    }
    const config: readonly (readonly [string, string])[] = [
      ['core.fsmonitor', script],
      ['core.hooksPath', join(path, '.git/hooks')],
      ['core.sshCommand', script],
      ['core.editor', script],
      ['core.pager', script],
      ['core.gitProxy', script],
      ['core.askPass', script],
      ['core.alternateRefsCommand', script],
      ['filter.evil.smudge', script],
      ['filter.evil.clean', script],
      ['filter.evil.process', script],
      ['diff.external', script],
      ['diff.evil.textconv', script],
      ['merge.evil.driver', `${script} %A`],
      ['credential.helper', `!${script}`],
      ['gpg.program', script],
      ['uploadpack.packObjectsHook', script],
      ['remote.origin.url', `ext::${script}`],
      ['remote.origin.uploadpack', script],
      ['extensions.partialClone', 'origin'],
      ['core.repositoryFormatVersion', '1'],
      ['alias.check-attr', `!${script}`],
      ['pager.ls-tree', script],
    ];
    for (const [name, value] of config) git(path, 'config', name, value);
    kit.write({ version: 1, projects: { hostile: { ...good, path, may_touch: ['src/**'], tests_are: [] } } });
    const { findings } = await kit.check('hostile');
    expect(findings.map(({ problem }) => problem)).toEqual([expect.stringContaining('filter=evil')]);
    expect((await kit.cli('show', 'hostile')).code).toBe(0);
    expect(existsSync(fired) ? readFileSync(fired, 'utf8') : 'nothing').toBe('nothing');
  });
});
