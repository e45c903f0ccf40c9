import {
  filesOf,
  givenTo,
  openWorkArea,
  type ProjectStore,
  staticChecks,
  UnfitFilesError,
  type WorkArea,
  Workbench,
  type Worked,
  workWith,
} from '@vivarium/changes';
import {
  CATALOGUE,
  type ChangeRecord,
  type ChangeStore,
  type CycleRequest,
  type HandedIn,
  type Project,
  refuse,
  type Task,
} from '@vivarium/core';
import type { Tools } from '@vivarium/sandbox';
import type { HandsOn } from '../executors/hands-on.ts';
import type { GateCall } from '../gate/call/gate-call.ts';
import type { ToolCall, ToolOffer } from '../gate/call/message.ts';
import type { Begun, Handled, Hands } from '../residents/hands.ts';
import type { StepEnd } from '../residents/steps.ts';
import { qaWords, workWords } from './words.ts';
import { offersFor } from './work-offers.ts';

export interface HandsDeps {
  readonly changes: ChangeStore;
  readonly store: ProjectStore;
  readonly project: Project;
  readonly tools: Tools;
  readonly signal: AbortSignal;
  /** Who does the hands-on part where the resident does not. */
  readonly executor?: HandsOn | undefined;
}

export interface HandsAbout {
  readonly task: Task;
  readonly change: ChangeRecord;
  readonly identity_id: string | undefined;
  /** Which turn of somebody else's test it is, e.g. `qa-1`; undefined for the author's own work. */
  readonly qa_turn: string | undefined;
  /** What an earlier attempt came to, fenced. */
  readonly before: string | undefined;
}

/** So often problems come back; then the work ends without a change. */
const MOST_RETURNS = 3;
const MOST_ORIGINS = 400;
/** Look at what an executor did, hand it in, and a word or an act. */
const STEPS_AFTER_EXECUTOR = 3;

/** A resident's work on one change: at first as its author, or at the gate as the one who tests it. */
export class ChangeHands implements Hands {
  readonly system: string;
  readonly max_steps: number;
  readonly offers: readonly ToolOffer[];
  readonly #deps: HandsDeps;
  readonly #about: HandsAbout;
  readonly #origins = new Set<string>();
  readonly #qa: boolean;
  /** Refs of this work's steps. */
  readonly #refs: string;
  #state: Hands['state'] = 'working';
  #handedIn: HandedIn | undefined;
  #returns = 0;
  #reminded = false;
  #area: WorkArea | undefined;
  #bench: Workbench | undefined;

  constructor(deps: HandsDeps, about: HandsAbout) {
    this.#deps = deps;
    this.#about = about;
    this.#qa = about.qa_turn !== undefined;
    this.#refs = ['refs/steps', about.change.change_id, about.qa_turn].filter((part) => part !== undefined).join('/');
    const { name, settings } = deps.project;
    const words = this.#qa
      ? qaWords(name, settings, about.change)
      : workWords(name, settings, { paths: about.task.paths, own: !deps.executor });
    this.system = [words, about.before].filter(Boolean).join('\n\n');
    this.max_steps = deps.executor ? STEPS_AFTER_EXECUTOR : settings.max_steps;
    this.offers = offersFor(Object.keys(settings.commands).length);
  }

  get state(): Hands['state'] {
    return this.#state;
  }

  get handed_in(): HandedIn | undefined {
    return this.#handedIn;
  }

  async begin(ends: readonly StepEnd[], call: GateCall): Promise<Begun> {
    const { change, task } = this.#about;
    await this.#recall(ends);
    const last = ends.at(-1);
    const tree = last?.tree ?? change.tree;
    const { store, project } = this.#deps;
    const place = this.#qa ? `${task.id}#${change.attempt}.qa` : task.id;
    this.#area = await openWorkArea(store, project, { task_id: place, attempt: change.attempt, tree });
    this.#bench = new Workbench(
      { ...this.#deps, area: this.#area },
      {
        ...{ tree, tests_only: this.#qa, base_tree: this.#qa ? change.tree : change.base_tree },
        refs: this.#refs,
        step: Math.max(this.#qa ? 0 : change.step, last?.saved_step ?? 0),
        paths: this.#qa ? undefined : task.paths,
        onSaved: (step, saved) => this.#saved(step, saved),
      },
    );
    const { executor } = this.#deps;
    return executor && ends.length === 0 ? this.#executed(executor, call) : { messages: [] };
  }

  /** Files of an executor are kept like a step's. One that failed and changed nothing is an error of the attempt. */
  async #executed(executor: HandsOn, call: GateCall): Promise<Begun> {
    const { words, spent, failed } = await executor.work({ folder: this.#work.folder, call, signal: this.#deps.signal });
    this.#origins.add(`executor ${executor.name}`);
    this.#work.touch();
    const unfit = await this.#work.save().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof UnfitFilesError)
          return `Nothing of it was kept, because of files that no project may hold: ${error.message}`;
        throw error;
      },
    );
    const changed = (await this.#work.tree()) !== this.#about.change.tree;
    if (failed && !changed) throw failed;
    const told = [words, unfit, ...(changed || unfit ? [] : ['It changed nothing.'])].filter((each) => each !== undefined);
    return { messages: [{ role: 'user', content: told.join('\n\n') }], spent };
  }

  /** What earlier steps came to: how often it was turned down, what was read, whether it ended. */
  async #recall(ends: readonly StepEnd[]): Promise<void> {
    const { phase, change_id, tree, entries_sha256, qa } = this.#about.change;
    for (const { step, messages, origins } of ends) {
      for (const [, origin] of origins) this.#origins.add(origin);
      for (const { role, content } of messages) {
        if (role === 'user') this.#reminded ||= step > 0;
        else if (content.includes('"reason":"not_ready"')) this.#returns += 1;
      }
    }
    if (this.#returns > MOST_RETURNS) this.#state = 'over';
    const done = this.#qa ? qa?.by === this.#actor && (await this.#stands(tree)) : phase !== 'working';
    if (!done) return;
    const stands = phase === 'handed_in' || phase === 'landing' || phase === 'landed';
    this.#state = stands ? 'handed_in' : 'over';
    if (stands) this.#handedIn = { change_id, tree, entries_sha256 };
  }

  /** Whether a tree is one of this work's steps: what an earlier turn handed in showed nothing. */
  async #stands(tree: string): Promise<boolean> {
    return [...(await this.#deps.store.refs(`${this.#refs}/`)).values()].includes(tree);
  }

  async #saved(step: number, tree: string): Promise<void> {
    if (this.#qa) return;
    const { change_id } = this.#about.change;
    await this.#deps.changes.record({ event: 'work_saved', actor: this.#actor, change_id, step, tree });
  }

  get #actor(): string {
    return this.#about.identity_id ?? 'runtime';
  }

  get #work(): Workbench {
    if (!this.#bench) throw new Error('The work has not begun');
    return this.#bench;
  }

  async save(): Promise<Pick<StepEnd, 'tree' | 'saved_step'>> {
    if (this.#state === 'working') await this.#work.save();
    return { tree: await this.#work.tree(), saved_step: this.#work.nextStep - 1 };
  }

  async call({ name, arguments: text }: ToolCall['function']): Promise<Handled> {
    if (this.#state !== 'working') return { answer: this.#handedIn && name === 'hand_in' ? this.#done() : this.#past() };
    const worked = name === 'hand_in' ? { answer: await this.#handIn(text) } : await workWith(this.#work, name, text);
    if (worked.origin !== undefined && this.#origins.size < MOST_ORIGINS) this.#origins.add(worked.origin.slice(0, 300));
    return worked;
  }

  #past(): Worked['answer'] {
    return refuse(
      'handed_in',
      this.#handedIn ? 'The change was handed in; nothing more is changed in it' : 'This work has ended',
    );
  }

  #done(): Worked['answer'] {
    return { ok: true, ...this.#handedIn, next: 'The work is handed in. Say in a few words what you did.' };
  }

  async #handIn(text: string): Promise<Worked['answer']> {
    const given = givenTo(CATALOGUE.hand_in.input, text);
    if (!given.ok) return given;
    const { change, task } = this.#about;
    const { store, project, changes } = this.#deps;
    const tree = await this.#work.tree();
    const { base_tree, change_id } = change;
    const patch = await filesOf(store, project, base_tree, tree);
    const paths = this.#qa || !task.paths ? {} : { paths: task.paths };
    const checks = await staticChecks({ store, project }, { base_tree, tree, files: patch.files, ...paths });
    const problems = checks.filter(({ passed }) => !passed).map(({ rule, detail }) => `${rule}: ${detail}`);
    if (this.#qa && tree === change.tree) problems.push('change.nonempty: you added no test');
    if (this.#qa && patch.code_sha256 !== change.code_sha256) problems.push('change.paths: you changed more than tests');
    if (problems.length > 0) return this.#turnedDown(problems);
    await this.#work.save();
    const { title, summary, prediction, removed_tests = [], kind } = given.args;
    const head = { actor: this.#actor, change_id, tree, ...patch };
    const said = { title, summary, kind: task.kind ?? kind, removed_tests, ...(prediction === undefined ? {} : { prediction }) };
    await changes.record(
      this.#qa
        ? { event: 'tests_added', ...head, by: this.#actor }
        : { event: 'change_handed_in', ...head, ...said, origins: [...this.#origins] },
    );
    this.#state = 'handed_in';
    this.#handedIn = { change_id, tree, entries_sha256: patch.entries_sha256 };
    return this.#done();
  }

  #turnedDown(problems: readonly string[]): Worked['answer'] {
    this.#returns += 1;
    const told = problems.join('. ').slice(0, 3_000);
    if (this.#returns <= MOST_RETURNS)
      return refuse('not_ready', `${told}. Mend this and hand in again; ${MOST_RETURNS + 1 - this.#returns} tries are left`);
    this.#state = 'over';
    return refuse('not_ready', `${told}. It was handed in unfit ${this.#returns} times, so this work ends without a change`);
  }

  async remind(): Promise<string | undefined> {
    if (this.#state !== 'working' || this.#reminded) return undefined;
    if ((await this.#work.tree()) === this.#work.about.base_tree) return undefined;
    this.#reminded = true;
    return 'You changed files and handed nothing in, so nothing would come of it. Call hand_in, go on working, or call decline_task.';
  }

  conclusion(): string | undefined {
    if (this.#handedIn) return `[Handed in as change ${this.#handedIn.change_id}.]`;
    return '[Nothing was handed in: no file of the project changes.]';
  }

  async close(): Promise<void> {
    await this.#area?.remove();
  }
}
