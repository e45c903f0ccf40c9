import { describe, expect, it } from 'vitest';
import { ProjectSettings } from '../../../contract/projects-file.ts';
import type { Tier } from '../index.ts';
import { covers, globProblem, isTest, isWithheld, matches, mayTouch, OWN_NEVER, overlap, tierOf } from './index.ts';

const settings = ProjectSettings.parse({
  path: '/p',
  may_touch: ['src/**', 'test/**', 'docs/**', '*.md'],
  ask_for: ['src/Money/**'],
  never: ['src/legacy', 'src/Sealed/**'],
  withhold: ['fixtures/customers/**'],
  tests_are: ['test/**', '**/*.check.*'],
  suites: {},
});

const TABLE: Readonly<Record<Tier, readonly string[]>> = {
  A: [
    '.git/hooks/post-checkout',
    'src/.git/config',
    'src/.GIT/config',
    'src/git~1/config',
    'src/.g\u200cit/config',
    'src/.git./config',
    'src/.git::$INDEX_ALLOCATION/config',
    '.gitattributes',
    'src/deep/.GitAttributes',
    'GITATT~1',
    '.gitmodules',
    'src/.gitmodules',
    '.github/workflows/ci.yml',
    '.GITHUB/Workflows/ci.yml',
    'sub/.github/actions/x/action.yml',
    '.github/CODEOWNERS',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'Jenkinsfile',
    'azure-pipelines.yml',
    '.husky/pre-commit',
    '.githooks/pre-push',
    'lefthook.yml',
    '.pre-commit-config.yaml',
    '.vscode/tasks.json',
    'AGENTS.md',
    'src/deep/agents.MD',
    'CLAUDE.md',
    'CLAUDE.local.md',
    '.claude/settings.json',
    '.cursorrules',
    '.cursor/rules/x.mdc',
    '.mcp.json',
    'src/.mcp.json',
    'GEMINI.md',
    'docs/SKILL.md',
    '.github/copilot-instructions.md',
    '.env',
    'src/.env.production',
    'src/.ENV',
    'src/server.pem',
    'id_ed25519',
    '.ssh/config',
    'src/.npmrc',
    'config/secrets.yml',
    'src/legacy/a.ts',
    'src/LEGACY/a.ts',
    'src/legacy',
    'src/sealed/x/y.ts',
  ],
  B: [
    'test/a.ts',
    'TEST/a.ts',
    'src/total.check.ts',
    'src/a.test.ts',
    'src/__tests__/a.ts',
    'src/__snapshots__/a.snap',
    'vitest.config.ts',
    'src/conftest.py',
    'jest.setup.js',
    '.mocharc.cjs',
    'build.rs',
    'package.json',
    'packages/a/package.json',
    'Package.JSON',
    'pnpm-lock.yaml',
    'Cargo.lock',
    'go.sum',
    'requirements-dev.txt',
    'tsconfig.build.json',
    'Makefile',
    'CMakeLists.txt',
    'pyproject.toml',
    'node_modules/left-pad/index.js',
    'vendor/x/y.go',
    '.gitignore',
    'src/.gitignore',
    'src/Money/cents.ts',
    'src/money/cents.ts',
    'src/data.json',
    'src/strange.xyz',
    'src/noending',
    'sitecustomize.py',
    '.env.example',
  ],
  C: [
    'src/a.ts',
    'src/Deep/Er/a.py',
    'src/main.rs',
    'docs/conf.py',
    'docs/page.mdx',
    'src/hooks/useThing.ts',
    'src/[id]/page.tsx',
    'src/git.ts',
    'src/testing.ts',
    'src/latest.js',
  ],
  D: ['README.md', 'docs/a.md', 'docs/deep/notes.txt', 'CHANGELOG'],
};

describe('the tier of a changed path', () => {
  it.each(Object.entries(TABLE).flatMap(([tier, paths]) => paths.map((path) => [path, tier])))('%s is %s', (path, tier) => {
    expect(tierOf(settings, path ?? '')).toMatchObject({ tier });
  });

  it.each([
    [{ link: true }, 'A', 'link'],
    [{ submodule: true }, 'A', 'submodule'],
    [{ device: true }, 'A', 'plain file'],
    [{ deleted: true }, 'B', 'deleted'],
    [{ renamed: true }, 'B', 'folder'],
    [{ executable: true }, 'B', 'executed'],
    [{ binary: true }, 'B', 'binary'],
    [{ deleted: true, link: true }, 'A', 'link'],
  ])('with %j even a document is %s', (about, tier, because) => {
    expect(tierOf(settings, 'docs/a.md', about)).toMatchObject({ tier, because: expect.stringContaining(because) });
    expect(tierOf(settings, '.gitattributes', about).tier).toBe('A');
  });

  it.each([
    'config/projects.json',
    'packages/api/src/gate/money/settle.ts',
    'packages/core/src/domain/changes/policy/tiers.ts',
    'packages/core/src/domain/social/kit/numbers.ts',
    'packages/core/src/domain/social/talk/taint.ts',
    'scripts/run.mjs',
    'tests/e2e/x.test.ts',
  ])("in Vivarium's own repository %s is A", (path) => {
    expect(tierOf({ ...settings, never: [...OWN_NEVER] }, path).tier).toBe('A');
    expect(tierOf({ ...settings, never: [...OWN_NEVER] }, 'packages/core/src/domain/words/visible.ts').tier).toBe('C');
  });
});

describe('what a change may touch', () => {
  it.each([
    ['src/a.ts', [], true],
    ['SRC/a.ts', [], false],
    ['src', [], false],
    ['other/a.ts', [], false],
    ['../src/a.ts', [], false],
    ['README.md', [], true],
    ['deep/README.md', [], false],
    ['src/a.ts', ['src/b.ts'], false],
    ['src/b/c.ts', ['src/b'], true],
    ['src/b/c.ts', ['src/*/c.ts'], true],
    ['other/a.ts', ['other/**'], false],
  ])('%s under %j: %s', (path, paths, may) => {
    expect(mayTouch(settings, path, paths)).toBe(may);
  });

  it('knows tests as they are written and withholds by any spelling', () => {
    expect(isTest(settings, 'test/deep/a.ts')).toBe(true);
    expect(isTest(settings, 'Test/deep/a.ts')).toBe(false);
    expect(isWithheld(settings, 'Fixtures/Customers/a.csv')).toBe(true);
    expect(isWithheld(settings, 'a/.env')).toBe(true);
    expect(isWithheld(settings, 'a/.env.example')).toBe(false);
    expect(isWithheld(settings, 'src/a.ts')).toBe(false);
  });
});

describe('globs', () => {
  it.each([
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'src', false],
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/x/y/c', false],
    ['**/a/**/b', 'a/q/a/z/b', true],
    ['*.ts', 'a/b.ts', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['{src,lib}/*.{js,ts}', 'lib/a.ts', true],
    ['{src,lib}/*.{js,ts}', 'bin/a.ts', false],
    ['app/[id]/*', 'app/[id]/page.tsx', true],
    ['a.b', 'axb', false],
    ['*a*b*c', 'xxaxxbxxc', true],
  ])('%s and %s: %s', (glob, path, fits) => {
    expect(matches(glob, path)).toBe(fits);
  });

  it.each([
    [['src/**'], ['src/a.ts'], true],
    [['src'], ['src/a/b.ts'], true],
    [['src/*.ts'], ['src/a*'], true],
    [['src/*.ts'], ['src/*.js'], false],
    [['src/**'], ['test/**'], false],
    [['**/*.test.ts'], ['src/**'], true],
    [['src/a.ts'], ['src/b.ts'], false],
    [['src/{a,b}.ts'], ['src/{b,c}.ts'], true],
    [['src/?x'], ['src/a?'], true],
    [['lib/**', 'src/a'], ['src/a/**'], true],
    [['src/ab'], ['src/abc'], false],
    [['**'], ['x'], true],
  ])('%j and %j overlap: %s', (one, other, both) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([both, both]);
  });

  it('lets prohibitions cover what lies below, and takes no longer for a hostile glob', () => {
    expect(covers('src/legacy', 'src/legacy/a/b.ts')).toBe(true);
    expect(covers('src/legacy', 'src/legacy2')).toBe(false);
    const hostile = `${'*a'.repeat(100)}b`;
    const from = performance.now();
    expect(matches(hostile, 'a'.repeat(300))).toBe(false);
    expect(matches(`${'**/a/'.repeat(50)}b`, 'a/'.repeat(140))).toBe(false);
    expect(performance.now() - from).toBeLessThan(200);
  });

  it.each(['/src/**', 'C:/x', 'src\\x', '!src', 'a//b', '../x', './src', 'a/..', 'src**', 'src/', `${'{a,b}'.repeat(9)}`])(
    'refuses %s',
    (glob) => {
      expect(globProblem(glob)).toBeTypeOf('string');
    },
  );
});
