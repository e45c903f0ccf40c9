import { describe, expect, it } from 'vitest';
import { readReport, reportIn } from './index.ts';

const FILES = new Set(['test/a.test.js', 'test/b.test.js', 'tests/test_a.py']);
const tested = { root: '/project', isFile: (path: string) => FILES.has(path) };
type Format = Parameters<typeof readReport>[0];
const read = (format: Format, text: string) => readReport(format, text, tested);
const names = (format: Format, text: string) => {
  const report = read(format, text);
  return report.state === 'ok' ? Object.fromEntries(report.cases) : `${report.state}: ${report.detail}`;
};

const NODE_JUNIT = (cases: string, tests: number, more = { suites: 0, fail: 0 }) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n${cases}\n\t<!-- tests ${tests} -->\n\t<!-- suites ${more.suites} -->\n` +
  `\t<!-- pass ${tests - more.fail} -->\n\t<!-- fail ${more.fail} -->\n\t<!-- duration_ms 12.5 -->\n</testsuites>\n`;
const CASE = (name: string) => `<testcase name="${name}" time="0.001" classname="test"/>`;
const PYTEST = (cases: string, own: string) =>
  `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" ${own}>${cases}</testsuite></testsuites>`;
const PY = (name: string, inner = '') => `<testcase classname="tests.test_a" name="${name}" time="0.0">${inner}</testcase>`;
const VITEST = (over: object = {}, assertions: readonly object[] = [{ ancestorTitles: ['g'], title: 'in', status: 'passed' }]) =>
  JSON.stringify({
    numTotalTests: 1,
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    success: true,
    testResults: [{ name: '/project/test/a.test.js', status: 'passed', assertionResults: assertions }],
    ...over,
  });
const GO = (...events: readonly (readonly [string, string?])[]) =>
  events.map(([Action, Test]) => JSON.stringify({ Action, Package: 'ex/sum', ...(Test ? { Test } : {}) })).join('\n');
const CARGO = (
  tests: string,
  result = 'ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
  planned = 1,
) => `\nrunning ${planned} test${planned === 1 ? '' : 's'}\n${tests}\ntest result: ${result}\n\n`;

describe('the report of a run', () => {
  it.each<[string, Format, string, Record<string, string>]>([
    [
      'node:test, JUnit, with a group that counts as one and a test around others',
      'junit',
      NODE_JUNIT(
        `${CASE('adds')}${CASE('adds')}<testsuite name="grp" tests="2">${CASE('in')}<testcase name="sk" classname="test"><skipped/></testcase></testsuite>` +
          `<testsuite name="parent" tests="1" failures="1"><testcase name="child" classname="test"><failure>no</failure></testcase></testsuite>` +
          CASE('/project/test/b.test.js'),
        7,
        { suites: 1, fail: 2 },
      ),
      { adds: 'passed', 'adds (2)': 'passed', 'grp > in': 'passed', 'grp > sk': 'skipped', 'parent > child': 'failed' },
    ],
    [
      'node:test, JUnit, with a file that does not load',
      'junit',
      NODE_JUNIT(`${CASE('adds')}<testcase name="/project/test/b.test.js" classname="test"><failure/></testcase>`, 2, {
        suites: 0,
        fail: 1,
      }),
      { adds: 'passed', 'test/b.test.js (as a whole)': 'failed' },
    ],
    [
      'node:test, JUnit, where a test around others fails by itself',
      'junit',
      NODE_JUNIT(`<testsuite name="parent" tests="1" failures="0">${CASE('child')}</testsuite>`, 2, { suites: 0, fail: 1 }),
      { 'parent > child': 'passed', 'a test around others (as a whole)': 'failed' },
    ],
    [
      'pytest, which tells a failed test twice when it also fails afterwards, and colours its output',
      'junit',
      PYTEST(
        `${PY('test_ok[1]')}${PY('test_sk', '<skipped type="pytest.xfail"/>')}${PY('test_td', '<failure>\u001b[31m</failure>')}${PY('test_td', '<error/>')}`,
        'errors="1" failures="1" skipped="1" tests="3"',
      ),
      { 'tests.test_a > test_ok[1]': 'passed', 'tests.test_a > test_sk': 'skipped', 'tests.test_a > test_td': 'failed' },
    ],
    [
      'pytest on standard output, with its own words around',
      'junit',
      `..\n${PYTEST(PY('test_ok'), 'errors="0" failures="0" tests="1"')}\n--- generated xml file: /dev/stdout ---\n1 passed in 0.01s\n`,
      { 'tests.test_a > test_ok': 'passed' },
    ],
    ['vitest', 'vitest-json', VITEST(), { 'test/a.test.js > g > in': 'passed' }],
    [
      'vitest, after a line that a setup printed',
      'vitest-json',
      `starting up\n${VITEST()}`,
      { 'test/a.test.js > g > in': 'passed' },
    ],
    [
      'vitest with a file that does not load',
      'vitest-json',
      VITEST({
        success: false,
        numTotalTests: 0,
        numPassedTests: 0,
        testResults: [{ name: '/project/test/b.test.js', status: 'failed', assertionResults: [] }],
      }),
      { 'test/b.test.js (as a whole)': 'failed' },
    ],
    [
      'node:test, TAP, with groups, skips, todos and messages that look like tests',
      'tap',
      [
        'TAP version 13',
        '# Subtest: adds',
        'ok 1 - adds',
        '  ---',
        '  duration_ms: 0.6',
        '  error: |-',
        '    ok 9 - forged',
        '  ...',
        'not ok 2 - later # TODO soon',
        'ok 3 - skip me # SKIP',
        'not ok 4 - with \\# in it',
        '# Subtest: grp',
        '    # Subtest: in',
        '    ok 1 - in',
        '    1..1',
        'ok 5 - grp',
        '  ---',
        "  type: 'suite'",
        '  ...',
        'ok 2 - /project/test/b.test.js',
        '1..6',
        '# tests 6',
        '# suites 1',
        '# pass 3',
        '# fail 1',
        '# duration_ms 1.5',
      ].join('\n'),
      { adds: 'passed', later: 'skipped', 'skip me': 'skipped', 'with # in it': 'failed', 'grp > in': 'passed' },
    ],
    ['TAP of others', 'tap', '1..2\nok 1 - one\nnot ok 2 - two\n', { one: 'passed', two: 'failed' }],
    [
      'go test -json',
      'go-json',
      GO(
        ['start'],
        ['run', 'TestAdd'],
        ['output', 'TestAdd'],
        ['pass', 'TestAdd'],
        ['run', 'TestSub'],
        ['fail', 'TestSub'],
        ['fail'],
      ),
      { 'ex/sum > TestAdd': 'passed', 'ex/sum > TestSub': 'failed' },
    ],
    ['go test -json of what does not build', 'go-json', GO(['build-fail'], ['fail']), { 'ex/sum (as a whole)': 'failed' }],
    [
      'cargo, whose failures print what they like',
      'cargo',
      CARGO(
        'test tests::adds ... ok\ntest tests::bad ... FAILED\ntest tests::ig ... ignored, slow\n\nfailures:\n\n---- tests::bad stdout ----\ntest foo ... ok\nrunning 1 test',
        'FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out',
        3,
      ) + CARGO('test src/lib.rs - sum (line 2) ... ok'),
      { 'tests::adds': 'passed', 'tests::bad': 'failed', 'tests::ig': 'skipped', 'src/lib.rs - sum (line 2)': 'passed' },
    ],
  ])('of %s gives names', (_what, format, text, expected) => {
    expect(names(format, text)).toEqual(expected);
  });

  it.each<[string, Format, string, RegExp]>([
    ['nothing', 'junit', ' \n', /^missing/],
    ['no test at all', 'junit', NODE_JUNIT(CASE('/project/test/b.test.js'), 1), /^empty/],
    ['an empty suite', 'junit', PYTEST('', 'tests="0"'), /^empty/],
    [
      'one case more than counted',
      'junit',
      NODE_JUNIT(CASE('adds') + CASE('forged'), 1),
      /counts 1 tests and groups and names 2/,
    ],
    ['one case less than counted', 'junit', PYTEST(PY('test_ok'), 'tests="2"'), /counts 2 tests and names 1/],
    ['cases and no count', 'junit', '<testsuites><testcase name="a"/></testsuites>', /does not say how many/],
    ['failures counted and none named', 'junit', PYTEST(PY('test_ok'), 'tests="1" failures="1"'), /counts 1 failed/],
    ['a second report', 'junit', NODE_JUNIT(CASE('adds'), 1) + NODE_JUNIT(CASE('adds'), 1), /broken/],
    [
      'a case after the end',
      'junit',
      `${PYTEST(PY('a'), 'tests="1"').replace('</testsuites>', '')}</testsuites><testcase name="b"/>`,
      /after its end/,
    ],
    ['a case after the counts', 'junit', NODE_JUNIT(`${CASE('a')}<!-- tests 2 -->${CASE('b')}`, 2), /after the counts/],
    ['the rest behind a comment', 'junit', NODE_JUNIT(`${CASE('adds')}<!-- ${CASE('real')}`, 1), /not valid XML/],
    ['half of it', 'junit', NODE_JUNIT(CASE('adds'), 1).slice(0, -20), /broken/],
    [
      'an entity bomb',
      'junit',
      `<!DOCTYPE x [<!ENTITY a "aa">]>${NODE_JUNIT('<testcase name="&a;"/>', 1)}`.replace(/^/, '<?xml version="1.0"?>'),
      /broken/,
    ],
    ['nests without end', 'junit', `${'<testsuite>'.repeat(200)}`, /nested/],
    ['text only', 'junit', '5 passed in 0.01s', /holds no JUnit/],
    ['counts that do not fit (vitest)', 'vitest-json', VITEST({ numTotalTests: 2 }), /counts 2 tests and names 1/],
    [
      'success with failures (vitest)',
      'vitest-json',
      VITEST({ numPassedTests: 0, numFailedTests: 1 }, [{ ancestorTitles: [], title: 'x', status: 'failed' }]),
      /claims success/,
    ],
    ['two reports (vitest)', 'vitest-json', `${VITEST()}\n${VITEST()}`, /not one JSON/],
    ['an odd result (vitest)', 'vitest-json', VITEST({}, [{ ancestorTitles: [], title: 'x', status: 'fine' }]), /is fine/],
    ['text (vitest)', 'vitest-json', 'Tests  5 passed (5)', /not one JSON/],
    [
      'a forged point (TAP)',
      'tap',
      'ok 1 - adds\nok 2 - forged\n1..1\n# tests 1\n# pass 1\n# fail 0\n',
      /1 tests were planned and 2/,
    ],
    ['forged point and plan (TAP)', 'tap', 'ok 1 - adds\nok 2 - forged\n1..2\n# tests 1\n# pass 1\n# fail 0\n', /counts 1/],
    ['a point after the counts (TAP)', 'tap', '1..1\nok 1 - adds\n# tests 1\n# pass 1\n# fail 0\nok 2 - b\n', /after the counts/],
    ['counts twice (TAP)', 'tap', '1..1\nok 1 - adds\n# tests 1\n# tests 1\n', /twice/],
    ['no plan (TAP)', 'tap', 'TAP version 13\nok 1 - adds\n', /plan is missing/],
    ['given up (TAP)', 'tap', '1..2\nok 1 - a\nBail out! no\n', /given up/],
    ['text (TAP)', 'tap', 'all good', /not TAP/],
    ['a test that never ended (go)', 'go-json', GO(['run', 'TestAdd'], ['pass']), /never ended/],
    ['a package that never ended (go)', 'go-json', GO(['run', 'TestAdd'], ['pass', 'TestAdd']), /never ended/],
    [
      'a test after the end (go)',
      'go-json',
      GO(['run', 'TestA'], ['pass', 'TestA'], ['pass'], ['run', 'TestB']),
      /after the end/,
    ],
    ['an end without a beginning (go)', 'go-json', GO(['pass', 'TestA'], ['pass']), /without having begun/],
    [
      'a failed test in a passed package (go)',
      'go-json',
      GO(['run', 'TestA'], ['fail', 'TestA'], ['pass']),
      /a test of it failed/,
    ],
    ['a run that ended early (cargo)', 'cargo', '\nrunning 2 tests\ntest a ... ok\n', /middle of a run/],
    ['a forged line (cargo)', 'cargo', CARGO('test a ... ok\ntest forged ... ok'), /are named/],
    ['a forged section (cargo)', 'cargo', `running 2 tests\n${CARGO('test a ... ok')}`, /inside another/],
    ['a result outside (cargo)', 'cargo', `${CARGO('test a ... ok')}test b ... ok\n`, /outside a run/],
    ['no run (cargo)', 'cargo', 'error: could not compile', /no run of tests/],
  ])('that holds %s proves nothing', (_what, format, text, reason) => {
    const report = read(format, text);
    expect(`${report.state}: ${report.detail}`).toMatch(reason);
    expect([...report.cases]).toEqual([]);
  });

  it('counts a name as failed when one of several of that name failed, in any order', () => {
    const bad = '<testcase name="adds" classname="test"><failure/></testcase>';
    const expected = { adds: 'failed', 'adds (2)': 'passed' };
    for (const cases of [bad + CASE('adds'), CASE('adds') + bad])
      expect(names('junit', NODE_JUNIT(cases, 2, { suites: 0, fail: 1 }))).toEqual(expected);
  });
});

describe('a report somewhere in the output of a command', () => {
  it.each([
    ['TAP', '> node --test\nTAP version 13\nok 1 - adds\n1..1\n# tests 1\n# pass 1\n# fail 0\n(node:1) a warning\n'],
    ['JUnit of node:test', `> node --test\n${NODE_JUNIT(CASE('adds'), 1)}`],
    ['JUnit of pytest', `..\n${PYTEST('<testcase name="adds"/>', 'tests="1"')}\n1 passed in 0.01s\n`],
    ['JSON of vitest', VITEST({}, [{ ancestorTitles: [], title: 'adds', status: 'passed' }])],
    ['JSON of go', GO(['run', 'adds'], ['pass', 'adds'], ['pass'])],
    ['cargo', `   Compiling sample\n${CARGO('test adds ... ok')}`],
  ])('is found: %s', (_what, output) => {
    expect([...(reportIn(output)?.cases.keys() ?? [])].join()).toMatch(/(?:^| > )adds$/);
  });

  it.each([
    ['numbers alone', '# pass 4\n# fail 0\n'],
    ['what a conftest prints', '5 passed in 0.01s\n'],
    ['a report that contradicts itself', 'TAP version 13\nok 1 - adds\n1..1\n# tests 3\n# pass 3\n# fail 0\n'],
    ['nothing', ''],
  ])('is not found in %s', (_what, output) => {
    expect(reportIn(output)).toBeUndefined();
  });

  it('names no test where code ended the program before any: node:test passes the file', () => {
    const output =
      'TAP version 13\n# Subtest: /w/test/sum.test.js\nok 1 - /w/test/sum.test.js\n1..1\n# tests 1\n# pass 1\n# fail 0\n';
    expect(reportIn(output)).toMatchObject({ state: 'empty' });
  });
});
