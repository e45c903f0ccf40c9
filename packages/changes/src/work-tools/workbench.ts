import type { Project } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { runSuite, type SuiteDeps, type SuiteRun } from '../suites/index.ts';
import type { WorkArea } from '../work-area/index.ts';

export interface BenchDeps extends SuiteDeps {
  readonly store: ProjectStore;
  readonly area: WorkArea;
}

export interface BenchAbout {
  readonly base_tree: string;
  /** What the area shows at this moment. */
  readonly tree: string;
  /** Folder of refs under which trees of steps are kept. */
  readonly refs: string;
  /** The newest kept step; 0: the base. */
  readonly step: number;
  /** Globs of the task, narrower than the project's. */
  readonly paths?: readonly string[] | undefined;
  /** Only files that `tests_are` names may be changed. */
  readonly tests_only: boolean;
  /** Hears of each step whose tree was kept. */
  readonly onSaved: (step: number, tree: string) => Promise<void>;
}

/** One attempt's work area with its kept steps. Tools write into the area between two snapshots; nothing else does. */
export class Workbench {
  readonly deps: BenchDeps;
  readonly about: BenchAbout;
  #tree: string;
  #saved: string;
  #step: number;
  #touched = false;
  readonly #onBase = new Map<string, Promise<SuiteRun>>();

  constructor(deps: BenchDeps, about: BenchAbout) {
    this.deps = deps;
    this.about = about;
    this.#tree = about.tree;
    this.#saved = about.tree;
    this.#step = about.step;
  }

  get project(): Project {
    return this.deps.project;
  }

  get store(): ProjectStore {
    return this.deps.store;
  }

  get folder(): string {
    return this.deps.area.folder;
  }

  /** The step under which what is written next will be kept. */
  get nextStep(): number {
    return this.#step + 1;
  }

  /** The files are no longer those of the last snapshot. */
  touch(): void {
    this.#touched = true;
  }

  /** What the area shows, as a tree. */
  async tree(): Promise<string> {
    if (!this.#touched) return this.#tree;
    const { tree, refused } = await this.deps.area.snapshot();
    if (refused.length > 0) {
      await this.reset(this.#tree);
      throw new UnfitFilesError(refused);
    }
    this.#tree = tree;
    this.#touched = false;
    return tree;
  }

  /** Let the area show a tree again. */
  async reset(tree: string): Promise<void> {
    await this.deps.area.reset(tree);
    this.#tree = tree;
    this.#touched = false;
  }

  /** What a suite says of the base; it is run once. */
  onBase(suite: string): Promise<SuiteRun> {
    const known = this.#onBase.get(suite) ?? runSuite(this.deps, { tree: this.about.base_tree, suite });
    this.#onBase.set(suite, known);
    return known;
  }

  /** Keep what was written since the last step: a crash goes on from there, and `undo` returns to it. */
  async save(): Promise<void> {
    const tree = await this.tree();
    if (tree === this.#saved) return;
    const step = this.nextStep;
    await this.store.keep(`${this.about.refs}/${step}`, tree);
    await this.about.onSaved(step, tree);
    this.#step = step;
    this.#saved = tree;
  }

  /** The tree of a kept step; 0 is the base. */
  async treeOf(step: number): Promise<string | undefined> {
    return step === 0 ? this.about.base_tree : this.store.resolve(`${this.about.refs}/${step}`);
  }
}

/** Files were left that no tree of the project may hold; the area shows its last tree again. */
export class UnfitFilesError extends Error {
  readonly files: readonly { readonly path: string; readonly problem: string }[];

  constructor(files: readonly { readonly path: string; readonly problem: string }[]) {
    super(files.map(({ path, problem }) => `${path} ${problem}`).join(', '));
    this.name = 'UnfitFilesError';
    this.files = files;
  }
}
