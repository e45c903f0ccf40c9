import { cargo, type Ecosystem, nodeJunit, nodeTap, pytest, vitest } from './verification-kit.ts';

/** How one ecosystem writes the sample: three functions, and tests of them. Halving rounds down, which is the bug. */
export interface Dialect {
  readonly ecosystem: Ecosystem;
  readonly code: string;
  readonly source: (parts?: Parts) => string;
  readonly test: (file: string) => string;
  /** A test file that expects these values; each entry is a name, a call and its value. */
  readonly tests: (...cases: readonly Case[]) => string;
  readonly existing: string;
  /** The names of a test in the file `existing`. */
  readonly nameOf: (test: string) => string;
}
export interface Parts {
  readonly half?: 'down' | 'exact' | 'up' | 'wrong';
  /** Put at the file's beginning. */
  readonly top?: string;
  /** A further function `double`. */
  readonly double?: boolean;
  readonly sum?: 'plain' | 'rewritten' | 'gone';
}
export type Case = readonly [name: string, call: 'half' | 'sum' | 'double', arguments_: string, value: string];
export const ADDS: Case = ['adds', 'sum', '1, 2', '3'];
export const HALVES: Case = ['halves', 'half', '4', '2'];
export const ODD: Case = ['odd', 'half', '3', '1.5'];

const jsHalf = { down: 'Math.floor(n / 2)', exact: 'n / 2', up: 'Math.ceil(n / 2)', wrong: 'n' };
const js =
  (exported: (name: string) => string) =>
  ({ half = 'down', top = '', double = false, sum = 'plain' }: Parts = {}): string =>
    [
      top,
      sum === 'gone' ? '' : `${exported('sum')} = (a, b) => ${sum === 'plain' ? 'a + b' : 'b + a'};`,
      `${exported('half')} = (n) => ${jsHalf[half]};`,
      `${exported('parse')} = (text) => Number(text);`,
      double ? `${exported('double')} = (n) => n * 2;` : '',
    ]
      .filter(Boolean)
      .join('\n')
      .concat('\n');

const node: Omit<Dialect, 'ecosystem'> = {
  code: 'src/sum.js',
  source: js((name) => `exports.${name}`),
  test: (file) => `test/${file}.test.js`,
  tests: (...cases) =>
    `const { test } = require('node:test');\nconst assert = require('node:assert');\nconst all = require('../src/sum.js');\n${cases.map(([name, call, args, value]) => `test('${name}', () => assert.equal(all.${call}(${args}), ${value}));\n`).join('')}`,
  existing: 'test/sum.test.js',
  nameOf: (test) => test,
};

const python: Dialect = {
  ecosystem: pytest,
  code: 'src/calc.py',
  source: ({ half = 'down', top = '', double = false, sum = 'plain' } = {}) =>
    [
      top,
      sum === 'gone' ? '' : `def sum(a, b):\n    return ${sum === 'plain' ? 'a + b' : 'b + a'}\n`,
      `def half(n):\n    return ${{ down: 'n // 2', exact: 'n / 2', up: '-(-n // 2)', wrong: 'n' }[half]}\n`,
      'def parse(text):\n    return int(text)\n',
      double ? 'def double(n):\n    return n * 2\n' : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
  test: (file) => `tests/test_${file}.py`,
  tests: (...cases) =>
    `from src import calc\n\n\n${cases.map(([name, call, args, value]) => `def test_${name}():\n    assert calc.${call}(${args}) == ${value}\n`).join('\n\n')}`,
  existing: 'tests/test_calc.py',
  nameOf: (test) => `tests.test_calc > test_${test}`,
};

/** Whole numbers only: an odd number halves upwards. */
const rust: Dialect = {
  ecosystem: cargo,
  code: 'src/lib.rs',
  source: ({ half = 'down', top = '', double = false, sum = 'plain' } = {}) =>
    [
      top,
      sum === 'gone' ? '' : `pub fn sum(a: i32, b: i32) -> i32 {\n    ${sum === 'plain' ? 'a + b' : 'b + a'}\n}\n`,
      `pub fn half(n: i32) -> i32 {\n    ${{ down: 'n / 2', exact: '(n + 1) / 2', up: '(n + 1) / 2', wrong: 'n' }[half]}\n}\n`,
      double ? 'pub fn double(n: i32) -> i32 {\n    n * 2\n}\n' : '',
    ]
      .filter(Boolean)
      .join('\n'),
  test: (file) => `tests/${file}.rs`,
  tests: (...cases) =>
    cases
      .map(
        ([name, call, args, value]) =>
          `#[test]\nfn ${name}() {\n    assert_eq!(sample::${call}(${args}), ${value.replace('1.5', '2')});\n}\n`,
      )
      .join('\n'),
  existing: 'tests/whole.rs',
  nameOf: (test) => test,
};

const bare: readonly Dialect[] = [
  { ...node, ecosystem: nodeJunit },
  { ...node, ecosystem: nodeTap },
  {
    ...node,
    ecosystem: vitest,
    source: js((name) => `export const ${name}`),
    tests: (...cases) =>
      `import { expect, test } from 'vitest';\nimport * as all from '../src/sum.js';\n${cases.map(([name, call, args, value]) => `test('${name}', () => expect(all.${call}(${args})).toBe(${value}));\n`).join('')}`,
    nameOf: (test) => `test/sum.test.js > ${test}`,
  },
  python,
  rust,
];

/** Each with its sample as the base. */
export const DIALECTS: readonly Dialect[] = bare.map((dialect) => ({
  ...dialect,
  ecosystem: {
    ...dialect.ecosystem,
    files: {
      ...dialect.ecosystem.files,
      [dialect.code]: dialect.source(),
      [dialect.existing]: dialect.tests(ADDS, HALVES),
      'README.md': '# Sample\n',
    },
  },
}));
