import { posix } from 'node:path';
import type { Planted, Suite } from '@vivarium/core';

/** Two tests by a runner's own template, as files to be put over a checkout. */
export interface PlantedFiles extends Planted {
  readonly files: ReadonlyMap<string, string>;
}

export interface PlantAt {
  readonly suite: Suite;
  /** Paths of the tree's test files. */
  readonly tests: readonly string[];
  readonly files: ReadonlySet<string>;
  /** Text of a file of the tree. */
  readonly read: (path: string) => Promise<string>;
  /** 16 hex digits that nobody knew before. */
  readonly nonce: string;
}

type Runner = 'node' | 'vitest' | 'jest' | 'pytest' | 'cargo' | 'go';
type Template = (test: { name: string; passes: boolean }, beside: string) => string;

const named = (name: string) => JSON.stringify(name);
const thrown = (passes: boolean) => (passes ? '' : "throw new Error('planted');");
const TEMPLATES: Readonly<Record<Exclude<Runner, 'cargo'>, Template>> = {
  // Holds for modules of both kinds.
  node: ({ name, passes }) => `import('node:test').then(({ test }) => test(${named(name)}, () => { ${thrown(passes)} }));\n`,
  vitest: ({ name, passes }) => `import { test } from 'vitest';\ntest(${named(name)}, () => { ${thrown(passes)} });\n`,
  jest: ({ name, passes }) => `test(${named(name)}, () => { ${thrown(passes)} });\n`,
  pytest: ({ name, passes }) => `def test_${name}():\n    assert ${passes ? 'True' : 'False'}\n`,
  go: ({ name, passes }, beside) =>
    `${/^package \w+/m.exec(beside)?.[0] ?? 'package main'}\n\nimport "testing"\n\nfunc Test_${name}(t *testing.T) {${passes ? '' : ' t.Fatal("planted") '}}\n`,
};
const ENDINGS: Readonly<Record<Exclude<Runner, 'cargo'>, RegExp>> = {
  node: /\.[cm]?[jt]sx?$/,
  vitest: /\.[cm]?[jt]sx?$/,
  jest: /\.[cm]?[jt]sx?$/,
  pytest: /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/,
  go: /_test\.go$/,
};

/** Tests to plant for a suite, where its own tests lie; undefined when there is no template for its runner, or no test. */
export async function plant(at: PlantAt): Promise<PlantedFiles | undefined> {
  const runner = runnerOf(at.suite);
  if (runner === undefined) return undefined;
  const tests = [
    { name: `vivarium_${at.nonce}_1`, passes: true },
    { name: `vivarium_${at.nonce}_2`, passes: false },
  ];
  const [passes = '', fails = ''] = tests.map(({ name }) => name);
  if (runner === 'cargo') return { passes, fails, files: await inCrate(at, tests) };
  const beside = sampleOf(at.tests, ENDINGS[runner]);
  if (beside === undefined) return undefined;
  const text = runner === 'go' ? await at.read(beside) : '';
  return { passes, fails, files: new Map(tests.map((test) => [nameBeside(beside, test.name), TEMPLATES[runner](test, text)])) };
}

function runnerOf({ argv, report }: Suite): Runner | undefined {
  if (report === 'cargo') return 'cargo';
  if (report === 'go-json') return 'go';
  const words = argv.join(' ');
  for (const runner of ['pytest', 'vitest', 'jest'] as const) if (words.includes(runner)) return runner;
  return argv.includes('--test') ? 'node' : undefined;
}

/** A file that a runner surely takes for a test: one whose name says so comes before one whose folder does. */
function sampleOf(tests: readonly string[], ending: RegExp): string | undefined {
  const fit = tests
    .filter((path) => ending.test(path) && !/\.d\.ts$|(?:^|\/)(?:conftest|__init__)\.py$|\.config\./.test(path))
    .sort();
  return fit.find((path) => /(?:[._-](?:test|spec)\.|(?:^|\/)test[_-])/.test(path)) ?? fit[0];
}

/** A name of the same kind in the same folder: `a.spec.ts` → `vivarium_x.spec.ts`, `test_a.py` → `test_vivarium_x.py`. */
function nameBeside(beside: string, name: string): string {
  const file = posix.basename(beside);
  const before = /^test[_-]/.exec(file)?.[0] ?? '';
  const after = /(?:[._-](?:test|tests|spec))?\.[^.]+$/.exec(file)?.[0] ?? '';
  return posix.join(posix.dirname(beside), `${before}${name}${after}`);
}

/** In the crate itself, so that they run in the same program as its own tests; a file beside them would be a program of its own. */
async function inCrate(
  { files, read, nonce }: PlantAt,
  tests: readonly { name: string; passes: boolean }[],
): Promise<ReadonlyMap<string, string>> {
  const all = tests.map(({ name, passes }) => `#[test]\nfn ${name}() { assert!(${passes}); }\n`).join('');
  const root = ['src/lib.rs', 'src/main.rs'].find((path) => files.has(path));
  if (root === undefined) return new Map([[`tests/${tests[0]?.name}.rs`, all]]);
  return new Map([[root, `${await read(root)}\n#[cfg(test)]\nmod planted_${nonce} {\n${all}}\n`]]);
}
