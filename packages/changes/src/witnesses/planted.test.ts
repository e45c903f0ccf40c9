import { Suite } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { hunksOf } from './hunks.ts';
import { plant } from './planted.ts';

const NONCE = '0123456789abcdef';
const planted = async (argv: string[], report: Suite['report'], files: Readonly<Record<string, string>>) => {
  const at = {
    suite: Suite.parse({ argv, report }),
    tests: Object.keys(files),
    files: new Set(Object.keys(files)),
    nonce: NONCE,
  };
  return plant({ ...at, read: async (path) => files[path] ?? '' });
};

describe('planted tests', () => {
  it.each<[string, string[], Suite['report'], Record<string, string>, string[]]>([
    [
      'node:test',
      ['node', '--test'],
      'junit',
      { 'test/a.test.mjs': '' },
      ['test/vivarium_N_1.test.mjs', 'test/vivarium_N_2.test.mjs'],
    ],
    ['node:test in a folder', ['node', '--test'], 'tap', { 'test/a.js': '' }, ['test/vivarium_N_1.js', 'test/vivarium_N_2.js']],
    ['node:test by prefix', ['node', '--test'], 'tap', { 'test-a.cjs': '' }, ['test-vivarium_N_1.cjs', 'test-vivarium_N_2.cjs']],
    [
      'vitest',
      ['node', 'x/vitest.mjs', 'run'],
      'vitest-json',
      { 'src/a.spec.tsx': '' },
      ['src/vivarium_N_1.spec.tsx', 'src/vivarium_N_2.spec.tsx'],
    ],
    [
      'jest',
      ['node', 'x/jest.js', '--json'],
      'vitest-json',
      { 'a.test.js': '' },
      ['vivarium_N_1.test.js', 'vivarium_N_2.test.js'],
    ],
    [
      'pytest',
      ['python3', '-m', 'pytest'],
      'junit',
      { 'tests/conftest.py': '', 'tests/test_a.py': '' },
      ['tests/test_vivarium_N_1.py', 'tests/test_vivarium_N_2.py'],
    ],
    ['pytest by ending', ['pytest'], 'junit', { 'a_test.py': '' }, ['vivarium_N_1_test.py', 'vivarium_N_2_test.py']],
    [
      'go',
      ['go', 'test', '-json', './...'],
      'go-json',
      { 'sum/sum_test.go': 'package sum\n' },
      ['sum/vivarium_N_1_test.go', 'sum/vivarium_N_2_test.go'],
    ],
    ['cargo', ['cargo', 'test'], 'cargo', { 'src/lib.rs': 'pub fn a() {}\n' }, ['src/lib.rs']],
    ['cargo of tests alone', ['cargo', 'test'], 'cargo', { 'tests/a.rs': '' }, ['tests/vivarium_N_1.rs']],
  ])('of %s lie beside its own', async (_runner, argv, report, files, expected) => {
    const tests = await planted(argv, report, files);
    expect([...(tests?.files.keys() ?? [])].map((path) => path.replaceAll(NONCE, 'N'))).toEqual(expected);
    const text = [...(tests?.files.values() ?? [])].join('');
    for (const name of [tests?.passes, tests?.fails]) expect(text).toContain(String(name));
    expect(text).toMatch(/planted|assert False|assert!\(false\)/);
  });

  it('of go are of the package that they lie in, those of cargo beside what the crate has', async () => {
    expect(
      [...((await planted(['go'], 'go-json', { 'a_test.go': '// x\npackage sum_test\n' }))?.files.values() ?? [])][0],
    ).toMatch(/^package sum_test\n/);
    expect((await planted(['cargo', 'test'], 'cargo', { 'src/main.rs': 'fn main() {}\n' }))?.files.get('src/main.rs')).toMatch(
      /^fn main\(\) \{\}\n[\s\S]*#\[cfg\(test\)\]/,
    );
  });

  it.each([
    ['an unknown runner', ['node', 'test/e2e.mjs'], { 'test/e2e.mjs': '' }],
    ['no test beside which to lie', ['node', '--test'], { 'test/data.json': '' }],
    ['types alone', ['node', '--test'], { 'test/a.d.ts': '' }],
  ])('are not there for %s', async (_what, argv, files) => {
    expect(await planted(argv, 'junit', files)).toBeUndefined();
  });
});

describe('stretches of a change', () => {
  const patch = (...lines: string[]) => ['--- a/x', '+++ b/x', ...lines, ''].join('\n');

  it.each<[string, string, string, readonly [number, string][]]>([
    ['one line', patch('@@ -1,3 +1,3 @@', ' a', '-b', '+B', ' c'), 'a\nB\nc\n', [[2, 'a\nb\nc\n']]],
    [
      'two apart',
      patch('@@ -1,3 +1,3 @@', '-a', '+A', ' b', '-c', '+C'),
      'A\nb\nC\n',
      [
        [1, 'a\nb\nC\n'],
        [3, 'A\nb\nc\n'],
      ],
    ],
    ['lines that are new', patch('@@ -1 +1,3 @@', ' a', '+b', '+c'), 'a\nb\nc\n', [[2, 'a\n']]],
    ['lines that went', patch('@@ -1,3 +1 @@', ' a', '-b', '-c'), 'a\n', [[2, 'a\nb\nc\n']]],
    [
      'far apart',
      patch('@@ -1 +1 @@', '-a', '+A', '@@ -9 +9 @@', '-i', '+I'),
      'A\n2\n3\n4\n5\n6\n7\n8\nI\n',
      [
        [1, 'a\n2\n3\n4\n5\n6\n7\n8\nI\n'],
        [9, 'A\n2\n3\n4\n5\n6\n7\n8\ni\n'],
      ],
    ],
    ['lines that look like headers', patch('@@ -1,2 +1,2 @@', '--- a', '+++ b', ' c'), '++ b\nc\n', [[1, '-- a\nc\n']]],
    ['nothing', '', 'a\n', []],
  ])('are taken back alone: %s', (_what, text, after, expected) => {
    expect(hunksOf(text, after).map(({ line, without }) => [line, without])).toEqual(expected);
  });
});
