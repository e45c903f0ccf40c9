export type CaseResult = 'passed' | 'failed' | 'skipped';

/** What the machine report of a test run says. `cases` is empty unless `state` is `ok`. */
export interface TestReport {
  /** `missing`: there is none; `empty`: it names no test; `broken`: it contradicts itself, so it proves nothing. */
  readonly state: 'ok' | 'missing' | 'empty' | 'broken';
  readonly cases: ReadonlyMap<string, CaseResult>;
  readonly detail: string;
}

/** What a reader needs to know of the tree that was tested. */
export interface Tested {
  /** Where the tree stood while it was tested; taken off the paths in names. */
  readonly root: string;
  /** True of the paths of its files: a runner that has nothing to say of a file names the file itself. */
  readonly isFile: (path: string) => boolean;
}

/** What a reader throws: the report contradicts itself, and why. Becomes `broken`, never an error of ours. */
export class BrokenReport extends Error {}

const WORST: Readonly<Record<CaseResult, number>> = { failed: 0, skipped: 1, passed: 2 };
const MOST_CASES = 100_000;
const LONGEST_NAME = 1_000;

/** Collects the cases of one report. */
export class Cases {
  readonly #found = new Map<string, CaseResult[]>();
  #count = 0;

  readonly #tested: Tested;

  constructor(tested: Tested) {
    this.#tested = tested;
  }

  /** How many cases were added; files that stood in for cases are none. */
  get count(): number {
    return this.#count;
  }

  /** One case under its groups. A file that stands for a case counts only when it failed, under a name that says so. */
  add(groups: readonly string[], name: string, result: CaseResult): void {
    const file = this.fileOf(name);
    if (file !== undefined) {
      this.addFile(file, result);
      return;
    }
    if (++this.#count > MOST_CASES) throw new BrokenReport(`more than ${MOST_CASES} cases`);
    this.#put(
      [...groups.map((group) => this.inTree(group)), name].map(oneLine).filter(Boolean).join(' > ').slice(0, LONGEST_NAME),
      result,
    );
  }

  /** A file (or package) as a whole: when it failed, something in it did that no case tells. */
  addFile(path: string, result: CaseResult): void {
    if (result === 'failed') this.#put(`${path} (as a whole)`, result);
  }

  /** The path of the tree's file that a name is, or undefined when it is a name. */
  fileOf(name: string): string | undefined {
    const path = this.inTree(name);
    return this.#tested.isFile(path) ? path : undefined;
  }

  inTree(path: string): string {
    const { root } = this.#tested;
    return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.replace(/^\.\//, '');
  }

  /**
   * The report of what was collected. Cases of one name are told apart by a number, the worst first, so that their order in the
   * report says nothing and a pass cannot hide a failure.
   */
  report(): TestReport {
    const cases = new Map<string, CaseResult>();
    for (const [name, results] of this.#found)
      for (const [at, result] of [...results].sort((a, b) => WORST[a] - WORST[b]).entries())
        cases.set(at === 0 ? name : `${name} (${at + 1})`, result);
    if (cases.size === 0) return { state: 'empty', cases, detail: 'the report names no test' };
    return { state: 'ok', cases, detail: `${cases.size} tests by name` };
  }

  #put(name: string, result: CaseResult): void {
    const results = this.#found.get(name);
    if (results) results.push(result);
    else this.#found.set(name, [result]);
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
