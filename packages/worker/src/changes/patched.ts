import { exportChange, integrate, moveChange, qaProof } from '@vivarium/changes';
import {
  type Change,
  type ChangeRecord,
  type Check,
  type GateName,
  gateId,
  type Hold,
  HUMAN,
  type IntegrationTask,
  isExpired,
  oneByOne,
  RUNTIME,
  type TaskRecord,
  type World,
} from '@vivarium/core';
import { DONE, LOOK_AGAIN, type Proving, RETRY, type Standing, type Stepped, say } from '../pipeline/proving.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import type { ChangeCase, Desk } from './desk.ts';
import { hearJury } from './jury.ts';
import { landHold } from './land-hold.ts';
import { qaRequest } from './qa-request.ts';
import { tellGates } from './tell-gates.ts';
import { lookTogether, outcomesOf } from './together.ts';
import { type LookDeps, lookAt } from './witnesses.ts';

type Needs = Pick<Runtime, 'artifacts' | 'askApi' | 'clock' | 'config' | 'gates' | 'identity' | 'log' | 'store'>;

/** How often the QA is asked for a test before a person decides. */
const QA_TRIES = 2;

/** Changes that prove themselves by the suites of their project, on trees of their own. */
export class Patched implements Proving {
  readonly #runtime: Needs;
  readonly #desk: Desk;
  readonly #world: World;

  constructor(runtime: Needs, desk: Desk, world: World) {
    this.#runtime = runtime;
    this.#desk = desk;
    this.#world = world;
  }

  /** Those who were drawn are asked about the change. The test of the QA was proven, which no vote adds to. */
  async vote({ record, change }: Standing, ballot_id: string, signal: AbortSignal): Promise<Stepped> {
    const found = change.ballot_id === ballot_id ? await this.#desk.caseOf(record) : undefined;
    if (found && isOver(found.change)) return this.#stop(found.change);
    if (!found || this.#isApproved(found.change)) return DONE;
    const heard = await hearJury({ runtime: this.#runtime, world: this.#world }, { ...found, record, ballot_id }, signal);
    return heard ? DONE : RETRY;
  }

  /** The QA brings a test in a work area of its own; what it brings has to be red without the change. */
  async submitTest(standing: Standing, signal: AbortSignal): Promise<Stepped> {
    const found = await this.#desk.caseOf(standing.record);
    if (!found) return unknownProject(standing.change);
    if (isOver(found.change)) return this.#stop(found.change);
    if (this.#isApproved(found.change)) return this.#handInTest(standing.change, found.change, HUMAN, "on the person's word");
    const by = standing.change.qa_by ?? RUNTIME;
    let fault: string | undefined;
    for (let turn = 1; turn <= QA_TRIES; turn += 1) {
      const answer = await this.#runtime.askApi(qaRequest(standing.record, found.change, { by, turn, fault }), signal);
      if (answer.kind === 'interrupted') return RETRY;
      if (answer.kind === 'problem') return person(`the QA cannot be asked: ${answer.problem.detail}`);
      const change = await this.#desk.changeOf(standing.record);
      if (answer.result.change === undefined || !change?.qa) {
        fault = 'no test was handed in';
        continue;
      }
      const proof = await qaProof(await this.#look({ ...found, change }, signal), change, change.qa.paths);
      if (proof.interrupted !== undefined) return RETRY;
      if (proof.passed) return this.#handInTest(standing.change, change, by, proof.detail);
      fault = proof.detail;
    }
    return person(
      `the QA brought no test that fails without the change (${fault}); approve the change to do without, or reject it`,
    );
  }

  async run(
    { record, change: at_gate }: Standing,
    gate: Exclude<GateName, 'integration'>,
    signal: AbortSignal,
  ): Promise<Stepped> {
    const found = await this.#desk.caseOf(record);
    if (!found) return unknownProject(at_gate);
    if (isOver(found.change)) return this.#stop(found.change);
    if (await tellGates(this.#runtime.gates, await this.#desk.log(), found.change)) return LOOK_AGAIN;
    const deps = await this.#look(found, signal);
    const seen = gate === 'unit' ? await lookAt(deps, found.change, record, 'unit') : await this.#endToEnd(deps, found, record);
    if (seen.interrupted !== undefined) return RETRY;
    if (seen.stale !== undefined) return stale(found, seen.stale);
    const failed = seen.checks.filter(({ passed }) => !passed);
    const unshown = failed.length > 0 && failed.every(({ rule }) => rule === 'tests.red_first');
    const approved = this.#isApproved(found.change);
    if (unshown && !approved && record.attempt > record.first_attempt)
      return person(`${wordsOf(failed)}; approve the change to do without such a test, or reject it`);
    const passed = failed.length === 0 || (unshown && approved);
    return say(this.#runtime.gates, {
      ...{ event: 'result_recorded', actor: RUNTIME, change_id: at_gate.change_id, test_type: gate, passed },
      details: wordsOf(failed.length > 0 ? failed : seen.checks) || `no ${gate} suite is declared`,
      ...(gate === 'unit' && passed ? { integration_task_id: gateId('int') } : {}),
      ...bytesOf(found.change),
    });
  }

  async integrate(batch_id: string, members: readonly IntegrationTask[], signal: AbortSignal): Promise<Stepped> {
    const { gates } = this.#runtime;
    const cases = new Map<string, ChangeCase>();
    const failed: Record<string, string> = {};
    for (const { task_id, change_id, attempt } of members) {
      const record = this.#runtime.store.get(change_id);
      const found = record?.attempt === attempt ? await this.#desk.caseOf(record) : undefined;
      if (found?.change.phase === 'handed_in') cases.set(task_id, found);
      else failed[task_id] = found ? whyOver(found.change) : 'its task has gone on to another attempt, or its project is gone';
    }
    const done = await this.#together(batch_id, [...cases.values()], signal);
    if (done.kind !== 'done') return done.stepped;
    for (const [task_id, { change }] of cases) {
      const fault = done.at_fault.get(change.change_id);
      if (fault !== undefined) failed[task_id] = fault.slice(0, 8_000);
    }
    const passed = Object.keys(failed).length === 0;
    return say(gates, { event: 'batch_recorded', actor: RUNTIME, batch_id, passed, details: done.words, failed });
  }

  /** What a change that is through still waits for. With `land: patch` its file is there before its task goes on. */
  async waits(record: TaskRecord): Promise<Hold | undefined> {
    const change = await this.#desk.changeOf(record);
    if (!change) return undefined;
    if (isOver(change)) {
      await this.#stop(change);
      return undefined;
    }
    const project = await this.#desk.project(change.project);
    const known = (await this.#desk.log()).state.projects.get(change.project);
    const hold = landHold(change, project, { at: this.#now(), asks: this.#runtime.config.approval, known });
    if (!hold && project && change.phase !== 'landed') await exportChange(this.#desk.place, project, change);
    return hold;
  }

  /** Put the members together on what the branch shows, run the suites, and keep in the log what came of it. */
  async #together(
    batch_id: string,
    cases: readonly ChangeCase[],
    signal: AbortSignal,
  ): Promise<{ kind: 'done'; at_fault: ReadonlyMap<string, string>; words: string } | { kind: 'later'; stepped: Stepped }> {
    const [first] = cases;
    if (!first) return { kind: 'done', at_fault: new Map(), words: 'nothing is left to integrate' };
    const log = await this.#desk.log();
    const changes = cases.map(({ change }) => change);
    const deps = await this.#look(first, signal);
    const look = (tree: string, base_tree: string, part: readonly ChangeRecord[]) =>
      lookTogether(deps, batch_id, { tree, base_tree, part });
    const seen = await integrate({ store: first.store, look }, changes, oneByOne(outcomesOf(log.state.batches)));
    if (seen.kind !== 'done') return { kind: 'later', stepped: seen.kind === 'stale' ? stale(first, seen.why) : RETRY };
    const trees = new Map(seen.passing.map(({ change_id, tree }) => [change_id, tree]));
    await log.tryRecord({
      ...{ event: 'integrated', actor: RUNTIME, batch_id, project: first.project.name, base_commit: seen.base.commit },
      ...{ tree: seen.passing.at(-1)?.tree ?? seen.base.tree, runs: seen.runs, passed: seen.at_fault.size === 0 },
      members: changes.map(({ change_id, tree }) => ({ change_id, tree: trees.get(change_id) ?? tree })),
      at_fault: Object.fromEntries(seen.at_fault),
    });
    if (first.project.settings.approval === 'exact') await this.#standOnBranch(cases);
    const words = `${seen.passing.length} of ${changes.length} changes pass together on ${seen.base.commit.slice(0, 10)}; ${seen.runs} runs`;
    return { kind: 'done', at_fault: seen.at_fault, words };
  }

  /** What is approved to the byte has to stand on the branch first. */
  async #standOnBranch(cases: readonly ChangeCase[]): Promise<void> {
    const changes = await this.#desk.log();
    for (const { change, project, store } of cases) {
      const moved = await moveChange({ store, changes, project }, change);
      const now = changes.change(change.change_id);
      if (moved.kind === 'moved' && now) await tellGates(this.#runtime.gates, changes, now);
    }
  }

  /** On the tree of its batch, where it was integrated. */
  async #endToEnd(deps: LookDeps, { change, store }: ChangeCase, record: TaskRecord) {
    const batches = [...deps.log.state.batches.values()].reverse();
    for (const { members, base_commit, at_fault } of batches) {
      const member = members.find(({ change_id }) => change_id === change.change_id);
      if (!member || at_fault[change.change_id] !== undefined) continue;
      return lookAt(deps, change, record, 'e2e', { tree: member.tree, base_tree: await store.treeOf(base_commit) });
    }
    return lookAt(deps, change, record, 'e2e');
  }

  async #handInTest(at_gate: Change, change: ChangeRecord, actor: string, detail: string): Promise<Stepped> {
    const ballot_id = gateId('vote');
    const { gates } = this.#runtime;
    const submitted = await gates.tryRecord({
      ...{ event: 'test_submitted', actor, change_id: at_gate.change_id, test_type: 'unit', ballot_id },
      ...{ submission_id: gateId('test'), description: `${change.qa?.paths.join(', ') ?? 'no test'}: ${detail}`.slice(0, 8_000) },
      ...bytesOf(change),
    });
    if (!submitted) return LOOK_AGAIN;
    return say(gates, { event: 'vote_cast', actor: RUNTIME, ballot_id, vote: 'approved', reason: detail.slice(0, 8_000) });
  }

  async #look({ project, store }: ChangeCase, signal: AbortSignal): Promise<LookDeps> {
    const { artifacts, clock } = this.#runtime;
    return { project, store, tools: this.#desk.tools, signal, clock, artifacts, log: await this.#desk.log() };
  }

  /** Whoever ended a change did so where its task could not be sent round: the gates are told, and it goes. */
  #stop(change: ChangeRecord): Promise<Stepped> {
    const { task_id: change_id } = change;
    return say(this.#runtime.gates, { event: 'change_stopped', actor: RUNTIME, change_id, reason: whyOver(change) });
  }

  #isApproved({ approval }: ChangeRecord): boolean {
    return approval !== undefined && !isExpired(approval, this.#now());
  }

  #now(): string {
    return this.#runtime.clock.now().toISOString();
  }
}

const isOver = ({ phase }: ChangeRecord): boolean => phase === 'rejected' || phase === 'abandoned';
const whyOver = ({ reasons }: ChangeRecord): string => reasons.at(-1) ?? 'it was ended';
const person = (reason: string): Stepped => ({ kind: 'person', reason });
const unknownProject = ({ project }: Change): Stepped =>
  person(`its project ${project} is not in config/projects.json, or cannot be used; see pnpm worker project check`);
const stale = ({ project }: ChangeCase, why: string): Stepped =>
  person(`${why}. Install them in ${project.settings.path}, then: pnpm worker project refresh ${project.name}`);
const wordsOf = (checks: readonly Check[]): string =>
  checks
    .map(({ rule, suite, detail }) => `${rule}${suite ? ` (${suite})` : ''}: ${detail}`)
    .join('; ')
    .slice(0, 8_000);
const bytesOf = ({ tree, entries_sha256 }: ChangeRecord) => ({ tree, entries_sha256 });
