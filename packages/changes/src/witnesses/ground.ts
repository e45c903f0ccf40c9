import {
  type ChangedFile,
  type ChangeRecord,
  type Check,
  type Clock,
  type Inventory,
  inventoryOf,
  isTest,
  type Project,
  type Suite,
  shapesTests,
} from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import type { SuiteDeps, SuiteRun } from '../suites/index.ts';
import { KeptRuns } from './kept-runs.ts';
import { nonceOf } from './nonce.ts';
import { type PlantedFiles, plant } from './planted.ts';

export interface WitnessDeps extends SuiteDeps {
  readonly store: ProjectStore;
  readonly clock?: Clock;
}

/** What of a change the witnesses look at. */
export type Examined = Pick<
  ChangeRecord,
  'change_id' | 'base_tree' | 'tree' | 'kind' | 'files' | 'removed_tests' | 'entries_sha256'
>;

/** A check that rejects nothing by itself. */
export interface Advice {
  readonly check: Check;
  /** Nothing was found that somebody should look at. */
  readonly quiet: boolean;
}

/** The trees of one change and one suite, and runs on them. */
export class Ground {
  readonly store: ProjectStore;
  readonly project: Project;
  readonly suite: Suite;
  readonly name: string;
  readonly change: Examined;
  readonly tree: string;
  readonly #runs: KeptRuns;

  constructor(deps: WitnessDeps, clock: Clock, about: { change: Examined; tree: string; suite: string }) {
    const suite = deps.project.settings.suites[about.suite];
    if (!suite) throw new Error(`Project ${deps.project.name} has no suite ${about.suite}`);
    this.store = deps.store;
    this.project = deps.project;
    this.suite = suite;
    this.name = about.suite;
    this.change = about.change;
    this.tree = about.tree;
    this.#runs = new KeptRuns(deps, clock);
  }

  /** Changed files that judge: tests, and what says how tests run. */
  get judging(): readonly ChangedFile[] {
    return this.change.files.filter(({ path }) => this.#judges(path));
  }

  /** Changed files that are judged. */
  get judged(): readonly ChangedFile[] {
    return this.change.files.filter(({ path }) => !this.#judges(path));
  }

  #judges(path: string): boolean {
    return isTest(this.project.settings, path) || shapesTests(path);
  }

  /** One run within this change; `turn` tells apart runs of the same tree that are repeated on purpose. */
  run(tree: string, turn: string, more: { only?: readonly string[]; days_later?: number } = {}): Promise<SuiteRun> {
    return this.#runs.run({ tree, suite: this.name, scope: this.change.change_id, turn, ...more });
  }

  /** The base's tests, run twice, once for all changes that stand on it. */
  async inventory(): Promise<Inventory & { readonly first: SuiteRun }> {
    const of = (turn: string) => this.#runs.run({ tree: this.change.base_tree, suite: this.name, scope: 'base', turn });
    const first = await of('1');
    return { ...inventoryOf(first, await of('2')), first };
  }

  /**
   * A run with two tests planted, which nobody could know of; undefined where there is no template for them. The same tree of
   * the same change is not asked twice.
   */
  async alive(tree: string): Promise<{ readonly run: SuiteRun; readonly planted: PlantedFiles } | undefined> {
    const entries = await this.store.entries(tree);
    const paths = [...entries.keys()];
    const planted = await plant({
      suite: this.suite,
      tests: paths.filter((path) => isTest(this.project.settings, path)),
      files: new Set(paths),
      read: async (path) => (await this.store.read(entries.get(path)?.oid ?? '')).toString(),
      nonce: nonceOf(this.store.folder, [tree, this.name, this.change.change_id]),
    });
    if (!planted) return undefined;
    const overlay = new Map([...planted.files].map(([path, text]) => [path, Buffer.from(text)]));
    const ask = { tree, suite: this.name, scope: this.change.change_id, turn: 'planted', overlay };
    return { planted, run: await this.#runs.run(ask) };
  }

  binding(tree: string): Promise<string> {
    return this.#runs.bindingOf({ tree, suite: this.name, scope: this.change.change_id, turn: '1' });
  }

  check(rule: string, passed: boolean, detail: string, counts: Record<string, number> = {}): Check {
    return { rule, suite: this.name, tree: this.tree, passed, decisive: false, detail: detail.slice(0, MOST_WORDS), counts };
  }
}

const MOST_WORDS = 4_000;
