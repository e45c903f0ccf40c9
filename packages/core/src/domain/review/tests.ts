import type { Witness } from '../../contract/outcome.ts';
import type { TestReport } from '../changes/reports/report.ts';

/** What a test run's own report says: how many tests ran, and how many of them failed. */
export interface TestCount {
  readonly ran: number;
  readonly failed: number;
}

type Reader = (text: string) => TestCount | undefined;

/** Reports of the usual runners, each read from its summary. Skipped tests did not run. */
const READERS: readonly Reader[] = [tap, vitest, jest, mocha, pytest, unittest, goTest, cargo];

/** The counts in a test run's output, or undefined when it is no report that we can read. */
export function testCountIn(output: string): TestCount | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: runners colour their reports
  const text = output.replace(/\u001b\[[\d;]*m/g, '');
  for (const read of READERS) {
    const count = read(text);
    if (count) return count;
  }
  return undefined;
}

/** A file that node:test counts as passed because no test in it was run. */
const FILE_ALONE = /^(?:ok \d+ -|✔) \/\S+\.[cm]?[jt]sx?(?: \([\d.]+ms\))?\s*$/gm;

/** `# pass 3` of node:test, in TAP and in its spec report (`ℹ pass 3`). */
function tap(text: string): TestCount | undefined {
  const of = (word: string) => sum(text, new RegExp(String.raw`^(?:#|ℹ) ${word} (\d+)\s*$`, 'gm'));
  const [passed, failed] = [of('pass'), of('fail')];
  if (passed === undefined || failed === undefined) return undefined;
  return { ran: Math.max(0, passed - matches(text, FILE_ALONE)) + failed, failed };
}

/** `Tests  1 failed | 3 passed (4)` of vitest. */
function vitest(text: string): TestCount | undefined {
  if (/^\s*No test files found/m.test(text)) return { ran: 0, failed: 0 };
  const line = /^\s*Tests\s{2,}(.*\(\d+\))\s*$/m.exec(text)?.[1];
  return line === undefined ? undefined : words(line);
}

/** `Tests:       1 failed, 3 passed, 4 total` of jest. */
function jest(text: string): TestCount | undefined {
  if (/^\s*No tests found, exiting/m.test(text)) return { ran: 0, failed: 0 };
  const line = /^\s*Tests:\s+(.*\d+ total)\s*$/m.exec(text)?.[1];
  return line === undefined ? undefined : words(line);
}

/** `3 passing` and `1 failing` of mocha, each on a line of its own. */
function mocha(text: string): TestCount | undefined {
  const passed = sum(text, /^\s*(\d+) passing\b/gm);
  if (passed === undefined) return undefined;
  const failed = sum(text, /^\s*(\d+) failing\s*$/gm) ?? 0;
  return { ran: passed + failed, failed };
}

/** `=== 3 passed, 1 failed in 0.12s ===` of pytest, with or without the rule around it. */
function pytest(text: string): TestCount | undefined {
  if (/^\W*no tests ran\b/m.test(text)) return { ran: 0, failed: 0 };
  const line = /^=*\s*((?:\d+ [a-z]+, )*\d+ [a-z]+) in \d+(?:\.\d+)?s/m.exec(text)?.[1];
  return line === undefined ? undefined : words(line);
}

/** `Ran 3 tests in 0.001s` and `FAILED (failures=1, errors=1)` of Python's unittest. */
function unittest(text: string): TestCount | undefined {
  const ran = sum(text, /^Ran (\d+) tests? in /gm);
  if (ran === undefined) return undefined;
  const skipped = sum(text, /\bskipped=(\d+)/g) ?? 0;
  return { ran: ran - skipped, failed: sum(text, /\b(?:failures|errors)=(\d+)/g) ?? 0 };
}

/** `--- PASS: TestX` lines of `go test -v`. */
function goTest(text: string): TestCount | undefined {
  const passed = matches(text, /^\s*--- PASS: /gm);
  const failed = matches(text, /^\s*--- FAIL: /gm);
  return passed + failed === 0 ? undefined : { ran: passed + failed, failed };
}

/** `test result: ok. 3 passed; 0 failed; …` of cargo, one line for each crate. */
function cargo(text: string): TestCount | undefined {
  const passed = sum(text, /^test result: .*?(\d+) passed;/gm);
  if (passed === undefined) return undefined;
  const failed = sum(text, /^test result: .*?(\d+) failed;/gm) ?? 0;
  return { ran: passed + failed, failed };
}

/** `1 failed, 3 passed` in any order; errors are failures. */
function words(line: string): TestCount {
  const of = (word: string) => sum(line, new RegExp(String.raw`(\d+) ${word}\b`, 'g')) ?? 0;
  const failed = of('failed') + of('errors?');
  return { ran: of('passed') + failed, failed };
}

function sum(text: string, pattern: RegExp): number | undefined {
  const found = [...text.matchAll(pattern)];
  return found.length === 0 ? undefined : found.reduce((total, [, digits]) => total + Number(digits), 0);
}

const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

/** Programs that read and print: what they show of a test run is somebody's word for it. */
export const onlyReads = (command: string): boolean => /^\s*(?:ls|pwd|echo|cat|rg)\b/.test(command);

/**
 * A test run that the runtime started: it passed when tests ran, none failed and it ended with 0. It proves something only with a
 * machine report that names the tests: a line with numbers can be printed by any code that is tested.
 */
export function testsWitness(what: string, exitCode: number, output: string, report?: TestReport): Witness {
  const count = report ? countOf(report) : testCountIn(output);
  const witness = (passed: boolean, detail: string): Witness => ({
    kind: 'tests',
    rule: 'tests.ran',
    passed,
    decisive: passed && report !== undefined,
    detail: `${what}: ${detail}`,
  });
  if (!count) return witness(false, `ended with ${exitCode}, and its output reports no count of tests`);
  if (count.ran <= 0) return witness(false, 'no test ran');
  if (count.failed > 0) return witness(false, `${count.failed} of ${count.ran} tests failed`);
  if (exitCode !== 0) return witness(false, `${count.ran} tests ran, and yet it ended with ${exitCode}`);
  return witness(true, `${count.ran} tests ran, none failed`);
}

function countOf({ cases }: TestReport): TestCount {
  const results = [...cases.values()];
  const failed = results.filter((result) => result === 'failed').length;
  return { ran: results.filter((result) => result === 'passed').length + failed, failed };
}
