import { describe, expect, it } from 'vitest';
import type { TestReport } from '../changes/reports/report.ts';
import { changedLines, diffWitness } from './diff.ts';
import { httpWitness } from './http.ts';
import { headingAnchors, linksIn, linksWitness, targetOf } from './links.ts';
import { pathsWitness } from './paths.ts';
import { testCountIn, testsWitness } from './tests.ts';

describe('the count of a test run', () => {
  it.each([
    ['node:test, TAP', 'TAP version 13\nok 1 - adds\n1..1\n# tests 3\n# suites 0\n# pass 2\n# fail 1\n# skipped 0\n', 3, 1],
    ['node:test, spec', '✔ adds (0.5ms)\nℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ skipped 0', 2, 0],
    ['node:test with no test', '# tests 0\n# pass 0\n# fail 0\n', 0, 0],
    ['vitest', ' Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 3 passed (4)\n', 4, 1],
    [
      'vitest, coloured',
      '\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m25 passed\u001b[39m\u001b[22m\u001b[90m (25)\u001b[39m',
      25,
      0,
    ],
    ['vitest with no file', 'No test files found, exiting with code 0', 0, 0],
    ['jest', 'Tests:       1 failed, 1 skipped, 3 passed, 5 total\nSnapshots:   0 total', 4, 1],
    ['mocha', '\n  3 passing (12ms)\n  1 failing\n', 4, 1],
    ['pytest', '==== 3 passed, 1 error, 2 skipped in 0.12s ====', 4, 1],
    ['pytest with no test', '======= no tests ran in 0.01s =======', 0, 0],
    ['unittest', 'Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1)', 4, 2],
    ['go test -v', '=== RUN TestAdd\n--- PASS: TestAdd (0.00s)\n--- FAIL: TestSub (0.00s)\nFAIL', 2, 1],
    ['cargo', 'test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored', 6, 2],
  ])('is read from the report of %s', (_runner, output, ran, failed) => {
    expect(testCountIn(output)).toEqual({ ran, failed });
  });

  it.each(['all tests passed', 'OK', '', 'We wrote 3 tests and 2 passed.', 'Tests are in ./tests'])('is not in: %j', (output) => {
    expect(testCountIn(output)).toBeUndefined();
  });

  const named = (cases: Record<string, 'passed' | 'failed' | 'skipped'>): TestReport => ({
    state: 'ok',
    cases: new Map(Object.entries(cases)),
    detail: '',
  });
  const counted = (pass: number, fail: number) => `# pass ${pass}\n# fail ${fail}\n`;

  it('is proof only when tests ran by name, none failed and the run ended with 0', () => {
    const good = named({ adds: 'passed', later: 'skipped' });
    expect(testsWitness('unit', 0, '', good)).toMatchObject({ passed: true, decisive: true, rule: 'tests.ran' });
    for (const [code, report] of [
      [0, named({})],
      [0, named({ later: 'skipped' })],
      [0, named({ adds: 'passed', subtracts: 'failed' })],
      [1, good],
    ] as const)
      expect(testsWitness('unit', code, counted(3, 0), report)).toMatchObject({ passed: false, decisive: false });
  });

  it('rejects by numbers that are not what they should be, and proves nothing by those that are', () => {
    expect(testsWitness('unit', 0, counted(3, 0))).toMatchObject({ passed: true, decisive: false });
    for (const [code, text] of [
      [0, counted(0, 0)],
      [0, counted(3, 1)],
      [1, counted(3, 0)],
      [0, 'fine'],
    ] as const)
      expect(testsWitness('unit', code, text)).toMatchObject({ passed: false, decisive: false });
  });

  it('is not there where node:test passed a file in which no test was run', () => {
    expect(testCountIn('ok 1 - /w/test/a.test.js\n1..1\n# tests 1\n# pass 1\n# fail 0\n')).toEqual({ ran: 0, failed: 0 });
    expect(testCountIn('✔ /w/test/a.test.js (51.2ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\n')).toEqual({ ran: 0, failed: 0 });
    expect(testCountIn('✔ /w/a.test.js loads (1ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\n')).toEqual({ ran: 1, failed: 0 });
  });
});

describe('the diff of a file', () => {
  const file = (text: string) => ({ sha256: `sha of ${text}`, text });

  it('counts lines that only one side has, however they are ordered', () => {
    expect(changedLines('a\nb\nb\n', 'b\na\nc\n')).toEqual({ added: ['c'], removed: ['b'] });
    const witness = diffWitness('a.md', { original: file('a\n'), before: file('a\n'), after: file('a\nb\n') });
    expect(witness).toMatchObject({ passed: true, decisive: false, detail: 'a.md: 1 lines added, 0 removed', diff: '+b' });
  });

  it('rejects a file that is what it was before the task began, and lets one stand that an earlier attempt made', () => {
    expect(diffWitness('a.md', { original: file('a'), before: file('b'), after: file('a') }).passed).toBe(false);
    expect(diffWitness('a.md', { original: undefined, before: file('b'), after: file('b') }).passed).toBe(true);
    expect(diffWitness('a.md', { original: undefined, before: undefined, after: file('x\ny') }).detail).toBe(
      'a.md is new, 2 lines',
    );
  });

  it('shows a few lines of a long change', () => {
    const after = file(Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n'));
    expect(diffWitness('a.md', { original: undefined, before: undefined, after }).diff).toMatch(/^\+line 0\n[\s\S]*… 28 more$/);
  });
});

describe('links of a document', () => {
  it('are read outside code only, with their lines', () => {
    const text = '[a](b.md) `[no](no.md)`\n```\n[no](no.md)\n```\n![p](<my pic.png>)\n[ref]: other.md "t"';
    expect(linksIn(text)).toEqual([
      { target: 'b.md', line: 1 },
      { target: 'my pic.png', line: 5 },
      { target: 'other.md', line: 6 },
    ]);
  });

  it.each([
    ['b.md#part', { kind: 'inside', path: 'docs/b.md', anchor: 'part' }],
    ['../a%20b.md?x=1', { kind: 'inside', path: 'a b.md', anchor: '' }],
    ['/root.md', { kind: 'inside', path: 'root.md', anchor: '' }],
    ['#here', { kind: 'inside', path: 'docs/x.md', anchor: 'here' }],
    ['../../etc/passwd', { kind: 'outside' }],
    ['https://example.org', { kind: 'external' }],
    ['mailto:a@b.c', { kind: 'external' }],
  ])('lead where they say: %s', (target, expected) => {
    expect(targetOf('docs/x.md', target)).toEqual(expected);
  });

  it('find headings under the names that GitHub gives them', () => {
    expect([...headingAnchors('# Hello, World!\n## A [link](x)\n## A link\n```\n# no\n```\n<a id="Own"></a>')]).toEqual([
      'hello-world',
      'a-link',
      'a-link-1',
      'own',
    ]);
  });

  it('reject with the broken ones named, and own up to what was not fetched', () => {
    expect(linksWitness('a.md', { checked: 2, external: 1, broken: ['b.md (line 3)'] })).toMatchObject({
      passed: false,
      detail: 'a.md: 1 of 2 links lead nowhere: b.md (line 3)',
    });
    expect(linksWitness('a.md', { checked: 2, external: 1, broken: [] }).detail).toContain('not fetched');
  });
});

describe('addresses and paths', () => {
  it('an address answers as wanted, or it says what came back', () => {
    const wish = { url: 'http://127.0.0.1:1/', status: 200, contains: 'hello' };
    expect(httpWitness(wish, { status: 200, body: 'hello you' })).toMatchObject({ passed: true, decisive: true });
    expect(httpWitness(wish, { status: 200, body: 'bye' }).passed).toBe(false);
    expect(httpWitness(wish, { status: 302, body: 'hello' }).detail).toContain('answers 302');
    expect(httpWitness(wish, { fault: 'ECONNREFUSED' }).detail).toContain('ECONNREFUSED');
  });

  it('names each path that was written and not declared', () => {
    expect(pathsWitness(['a.md'], ['a.md']).passed).toBe(true);
    expect(pathsWitness(['a.md'], ['a.md', 'b.md', 'c.md'])).toMatchObject({
      passed: false,
      detail: 'it wrote b.md, c.md, which it did not declare (declared: a.md)',
    });
  });
});
