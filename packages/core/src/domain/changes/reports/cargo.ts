import { BrokenReport, type CaseResult, Cases, type Tested, type TestReport } from './report.ts';

const TEST = /^test (.+?)(?: - should panic(?:.*)?)? \.\.\. (ok|FAILED|ignored(?:, .*)?)$/;
const END = /^test result: (ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; \d+ filtered out\b/;

interface Section {
  readonly planned: number;
  readonly results: [string, CaseResult][];
  /** What failed tests printed follows; nothing in it is a result. */
  printing: boolean;
}

/** The text of `cargo test`, which has no machine form in the stable toolchain: each binary's section must fit its own counts. */
export function readCargo(text: string, tested: Tested): TestReport {
  const cases = new Cases(tested);
  let section: Section | undefined;
  let sections = 0;
  for (const line of text.split(/\r?\n/)) {
    const begins = /^running (\d+) tests?$/.exec(line);
    if (begins) {
      if (section && !section.printing) throw new BrokenReport('a run of tests begins inside another');
      if (section) continue;
      section = { planned: Number(begins[1]), results: [], printing: false };
      sections++;
    } else if (section === undefined) {
      if (TEST.test(line) || END.test(line)) throw new BrokenReport(`a test stands outside a run: ${line.slice(0, 80)}`);
    } else if (readLine(line, section)) {
      for (const [name, result] of section.results) cases.add([], name, result);
      section = undefined;
    }
  }
  if (section) throw new BrokenReport('it ends in the middle of a run: something ended the program');
  if (sections === 0) throw new BrokenReport('it holds no run of tests');
  return cases.report();
}

/** True at the end of the section. */
function readLine(line: string, section: Section): boolean {
  if (line === 'failures:' || line === 'successes:') section.printing = true;
  const test = section.printing ? null : TEST.exec(line);
  if (test?.[1] !== undefined) section.results.push([test[1], resultOf(test[2] ?? '')]);
  const end = END.exec(line);
  if (!end) return false;
  const count = (result: CaseResult) => section.results.filter(([, each]) => each === result).length;
  const said = [end[2], end[3], end[4]].map(Number);
  const found = [count('passed'), count('failed'), count('skipped')];
  if (said.some((number, at) => number !== found[at]) || section.results.length !== section.planned)
    throw new BrokenReport(
      `${section.planned} tests were planned, ${said.join(', ')} passed, failed, ignored, and ${found.join(', ')} are named`,
    );
  if ((end[1] === 'ok') !== (count('failed') === 0)) throw new BrokenReport('a run claims to be ok and names failures');
  return true;
}

const resultOf = (word: string): CaseResult => (word === 'ok' ? 'passed' : word === 'FAILED' ? 'failed' : 'skipped');
