import { SaxesParser } from 'saxes';
import { BrokenReport, type CaseResult, Cases, type Tested, type TestReport } from './report.ts';

/** The attributes that are read, of whatever element. */
interface Attributes {
  readonly name?: string;
  readonly classname?: string;
  readonly tests?: string;
  readonly failures?: string;
  readonly errors?: string;
}
interface Group {
  readonly name: string;
  readonly own: Attributes;
  children: number;
  cases: number;
  failed: boolean;
}
interface OpenCase {
  readonly name: string;
  readonly className: string;
  failed: boolean;
  error: boolean;
  skipped: boolean;
}
const DEEPEST = 100;
const OWN_COUNT = /^ (tests|suites|pass|fail|cancelled|skipped|todo) (\d+) $/;
/** Runners put the output of tests into a report, with characters that XML does not allow. */
const NOT_XML = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/** JUnit XML of any runner. Whoever counts in it, in attributes or (node:test) in comments, must be right. */
export function readJunit(text: string, tested: Tested): TestReport {
  const reader = new JunitReader(tested);
  const parser = new SaxesParser();
  parser.on('error', ({ message }) => {
    throw new BrokenReport(`it is not valid XML: ${message}`);
  });
  parser.on('doctype', () => {
    throw new BrokenReport('it declares a document type, which no report needs');
  });
  parser.on('comment', (comment) => reader.comment(comment));
  parser.on('opentag', ({ name, attributes }) => reader.open(name, attributes));
  parser.on('closetag', ({ name }) => reader.close(name));
  parser.write(documentIn(text).replace(NOT_XML, '\ufffd')).close();
  return reader.report();
}

/** The one document in a text; what else stands there (a runner's own words on standard output) may hold no part of a report. */
function documentIn(text: string): string {
  const start = /<\?xml\s|<testsuites?[\s>/]/.exec(text)?.index ?? -1;
  if (start < 0) throw new BrokenReport('it holds no JUnit report');
  const end = Math.max(...['</testsuites>', '</testsuite>'].map((tag) => lastEnd(text, tag)));
  if (end < 0) return text.slice(start);
  if (/<test|<\?xml/.test(text.slice(end))) throw new BrokenReport('something stands after its end');
  return text.slice(start, end);
}

const lastEnd = (text: string, tag: string): number => (text.includes(tag) ? text.lastIndexOf(tag) + tag.length : -1);

class JunitReader {
  readonly #cases: Cases;
  readonly #groups: Group[] = [];
  readonly #own = new Map<string, number>();
  #open: OpenCase | undefined;
  #last = '';
  #depth = 0;
  readonly #count = { cases: 0, groups: 0, failed: 0, failedGroups: 0, errors: 0, saidFailed: 0, uncounted: 0 };

  constructor(tested: Tested) {
    this.#cases = new Cases(tested);
  }

  open(tag: string, own: Attributes): void {
    if (++this.#depth > DEEPEST) throw new BrokenReport(`it is nested more than ${DEEPEST} deep`);
    if (tag === 'testsuites' || tag === 'testsuite') this.#openGroup(tag, own);
    else if (tag === 'testcase') this.#openCase(own);
    else if (!this.#open) return;
    else if (tag === 'failure') this.#open.failed = true;
    else if (tag === 'error') this.#open.error = true;
    else if (tag === 'skipped') this.#open.skipped = true;
  }

  close(tag: string): void {
    this.#depth--;
    if (tag === 'testcase') this.#closeCase();
    if (tag === 'testsuites' || tag === 'testsuite') this.#closeGroup(tag);
  }

  comment(text: string): void {
    const [, what, number] = OWN_COUNT.exec(text) ?? [];
    if (what === undefined) return;
    if (this.#open) throw new BrokenReport('it counts inside a test');
    if (this.#own.has(what)) throw new BrokenReport(`it counts its ${what} twice`);
    this.#own.set(what, Number(number));
  }

  report(): TestReport {
    const { cases, groups, failed, failedGroups, saidFailed, uncounted } = this.#count;
    if (this.#own.size > 0) {
      const said = (this.#own.get('tests') ?? -1) + (this.#own.get('suites') ?? 0);
      if (said !== cases + groups) throw new BrokenReport(`it counts ${said} tests and groups and names ${cases + groups}`);
    } else if (uncounted > 0) {
      throw new BrokenReport(`it does not say how many tests there are, and names ${uncounted}`);
    }
    if (saidFailed > 0 && failed === 0) throw new BrokenReport(`it counts ${saidFailed} failed tests and names none`);
    const own = (this.#own.get('fail') ?? 0) + (this.#own.get('cancelled') ?? 0);
    if (own > failed + failedGroups) this.#cases.addFile('a test around others', 'failed');
    return this.#cases.report();
  }

  #openGroup(tag: string, own: Attributes): void {
    if (this.#open) throw new BrokenReport('a group stands inside a test');
    const parent = this.#groups.at(-1);
    if (parent) parent.children++;
    if (tag === 'testsuite') this.#count.groups++;
    this.#groups.push({ name: own.name ?? '', own, children: 0, cases: 0, failed: false });
  }

  #closeGroup(tag: string): void {
    const group = this.#groups.pop();
    if (!group) return;
    const parent = this.#groups.at(-1);
    if (parent) {
      parent.cases += group.cases;
      parent.failed ||= group.failed;
    }
    if (group.failed) this.#count.failedGroups++;
    if (tag === 'testsuite' || group.own.tests !== undefined) this.#compare(group);
    if (tag === 'testsuite') this.#count.saidFailed += Number(group.own.failures ?? 0) + Number(group.own.errors ?? 0);
  }

  /** A group counts the cases in it, or (node:test) what stands directly in it; a case with an error may be counted twice or not. */
  #compare({ name, own, cases, children }: Group): void {
    if (own.tests === undefined) return;
    const said = Number(own.tests);
    if (Math.abs(said - cases) <= this.#count.errors || said === children) return;
    throw new BrokenReport(`${name || 'it'} counts ${own.tests} tests and names ${cases}`);
  }

  #openCase(own: Attributes): void {
    if (this.#open) throw new BrokenReport('a test stands inside another');
    if (this.#own.size > 0) throw new BrokenReport('a test stands after the counts');
    const group = this.#groups.at(-1);
    if (!group) throw new BrokenReport('a test stands outside a group');
    if (!own.name) throw new BrokenReport('a test has no name');
    group.children++;
    group.cases++;
    if (!this.#groups.some((each) => each.own.tests !== undefined)) this.#count.uncounted++;
    this.#open = { name: own.name, className: own.classname ?? '', failed: false, error: false, skipped: false };
  }

  #closeCase(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    this.#count.cases++;
    const group = this.#groups.at(-1);
    if (open.failed || open.error) {
      this.#count.failed++;
      if (group && !open.skipped) group.failed = true;
    }
    if (open.error) this.#count.errors++;
    const groups = this.#namesOf(open);
    const full = JSON.stringify([groups, open.name]);
    // pytest tells a failed test that fails once more while it is put away as a second case.
    if (!(open.error && full === this.#last)) this.#cases.add(groups, open.name, resultOf(open));
    this.#last = full;
  }

  /** A class name says where a case stands, but for the word that node:test has for all; else its groups do. */
  #namesOf({ className }: OpenCase): readonly string[] {
    const groups = this.#groups.slice(1).map(({ name }) => name);
    if (className === '' || className === 'test') return groups;
    return [this.#cases.inTree(className)];
  }
}

function resultOf({ failed, error, skipped }: OpenCase): CaseResult {
  if (skipped) return 'skipped';
  return failed || error ? 'failed' : 'passed';
}
