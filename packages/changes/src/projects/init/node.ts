import { readJson } from '@vivarium/core';
import { z } from 'zod';
import { below, type Folder, type Found, NOTHING } from './found.ts';

const Names = z.record(z.string(), z.unknown()).catch({});
const Package = z.object({ dependencies: Names, devDependencies: Names }).catch({ dependencies: {}, devDependencies: {} });
const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];
const SOURCES = ['src', 'lib', 'app', 'packages', 'server', 'client', 'components', 'pages', 'bin'];
const TESTS = ['test', 'tests', '__tests__', 'spec'];

interface Runner {
  readonly needs?: string;
  readonly program?: string;
  readonly arguments: readonly string[];
  readonly report: 'junit' | 'vitest-json' | 'tap';
}

const NODE_REPORT = ['--test-reporter=junit', '--test-reporter-destination={out}/report.xml'];

/** The runner itself, never a script of package.json: scripts belong to the tree that is tested. */
const RUNNERS: readonly Runner[] = [
  {
    needs: 'vitest',
    program: 'node_modules/vitest/vitest.mjs',
    arguments: ['run', '--reporter=json', '--outputFile={out}/report.json'],
    report: 'vitest-json',
  },
  {
    needs: 'jest',
    program: 'node_modules/jest/bin/jest.js',
    arguments: ['--ci', '--json', '--outputFile={out}/report.json'],
    report: 'vitest-json',
  },
  { needs: 'mocha', program: 'node_modules/mocha/bin/mocha.js', arguments: ['--reporter', 'tap'], report: 'tap' },
  { needs: 'tsx', arguments: ['--import', 'tsx', '--test', ...NODE_REPORT], report: 'junit' },
  { arguments: ['--test', ...NODE_REPORT], report: 'junit' },
];

export function nodeIn(folder: Folder): Found | undefined {
  if (!folder.has('package.json')) return undefined;
  const json = readJson(folder.text('package.json'));
  const { dependencies, devDependencies } = Package.parse(json.ok ? json.value : {});
  const wanted = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  const runner = RUNNERS.find(({ needs }) => needs === undefined || wanted.has(needs)) ?? {
    arguments: [],
    report: 'junit' as const,
  };
  const argv = ['node', ...(runner.program ? [runner.program] : []), ...runner.arguments];
  const tests = folder.folders(TESTS);
  const types = folder.has('tsconfig.json') && wanted.has('typescript');
  const build = { argv: ['node', 'node_modules/typescript/bin/tsc', '--noEmit'], report: 'none' } as const;
  const lockfile = folder.first(LOCKFILES);
  return {
    ...NOTHING,
    kind: `package.json, ${runner.needs ?? 'node:test'}`,
    suites: {
      ...(types ? { build: { ...build, argv: [...build.argv] } } : {}),
      unit: { argv, report: runner.report, only: 'paths' },
    },
    may_touch: below([...folder.folders(SOURCES), ...tests]),
    tests_are: [...below(tests), '**/*.test.*', '**/*.spec.*', '**/__tests__/**'],
    dependencies:
      wanted.size === 0 ? [] : [{ at: 'node_modules', from: 'node_modules', key: lockfile ? [lockfile] : ['package.json'] }],
    commands: wanted.has('prettier')
      ? { format: { argv: ['node', 'node_modules/prettier/bin/prettier.cjs', '--write'], args: 'paths', writes: true } }
      : {},
    notes: wanted.size > 0 && !folder.has('node_modules') ? ['install its dependencies first: node_modules is not there'] : [],
  };
}
