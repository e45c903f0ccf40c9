import {
  conflictInWords,
  type LandDeps,
  landChange,
  lookAtProject,
  moveChange,
  type ProjectStore,
  recoverLanding,
  settleRestores,
  takeCheckpoint,
} from '@vivarium/changes';
import {
  BATCH_SIZE,
  type ChangeRecord,
  type ChangeStore,
  type ChangesState,
  giveApproval,
  isExpired,
  isFatal,
  type Project,
  policyApproves,
  RUNTIME,
  type TaskRecord,
  VivariumError,
  type World,
} from '@vivarium/core';
import type { Runtime } from '../pipeline/runtime.ts';
import type { Desk } from './desk.ts';
import { isTested, tellGates } from './tell-gates.ts';

type Needs = Pick<Runtime, 'clock' | 'config' | 'gates' | 'identity' | 'log' | 'store' | 'worker_id'>;

export interface LandingPorts {
  readonly world: World;
  /** False under HALT and PAUSE. */
  readonly mayRun: () => boolean;
  /** Hears that something moved that changes at the gates may wait for. */
  readonly moved: () => void;
}

/** How soon what was held, cut off or refused is looked at again. */
const AGAIN_MS = 15_000;
/** How often the way back of a project is tried. */
const DRILL_MS = 24 * 60 * 60 * 1_000;

/** A project with what is done about it in one round. */
interface Site {
  readonly project: Project;
  readonly store: ProjectStore;
  readonly log: ChangeStore;
  readonly deps: LandDeps;
}

/**
 * Lands what is approved and went through its gates, one after another, beside the work. Every worker has one; the log of
 * changes decides who lands. After each landing the other changes are merged anew before they can follow.
 */
export class LandingService {
  readonly #runtime: Needs;
  readonly #desk: Desk;
  readonly #ports: LandingPorts;
  #silence: () => void = () => undefined;
  #work: Promise<void> = Promise.resolve();
  /** What went wrong last, by project. */
  readonly #troubles = new Map<string, string>();
  #due = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(runtime: Needs, desk: Desk, ports: LandingPorts) {
    this.#runtime = runtime;
    this.#desk = desk;
    this.#ports = ports;
  }

  async start(): Promise<void> {
    const log = await this.#desk.log();
    if (this.#closed) return;
    this.#silence = log.follow(() => {
      this.#ports.moved();
      this.wake();
    });
    this.wake();
  }

  /** Look again: something may have become ready, approved or free. */
  wake(): void {
    if (this.#due || this.#closed) return;
    this.#due = true;
    this.#work = this.#work.then(() => this.#run());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#silence();
    clearTimeout(this.#timer);
    await this.#work;
  }

  async #run(): Promise<void> {
    this.#due = false;
    clearTimeout(this.#timer);
    if (this.#closed || !this.#ports.mayRun()) return this.#again();
    const projects = await this.#unless({}, () => this.#desk.projects());
    for (const project of projects ?? [])
      await this.#unless({ project: project.name }, async () => {
        await this.#ofProject(project);
        this.#tell(project.name, undefined);
      });
  }

  /** Why nothing can be landed in a project at present. */
  troubleOf(project: string): string | undefined {
    return this.#troubles.get(project);
  }

  #tell(project: string, trouble: string | undefined): void {
    if (this.#troubles.get(project) === trouble) return;
    if (trouble === undefined) this.#troubles.delete(project);
    else this.#troubles.set(project, trouble);
    this.#ports.moved();
  }

  /** What goes wrong with one project or change is tried again later, and keeps no other waiting. */
  async #unless<T>(about: { project?: string }, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (err) {
      if (isFatal(err)) throw err;
      this.#runtime.log.warn({ ...about, err }, 'changes could not be landed; trying again');
      if (about.project !== undefined) this.#tell(about.project, inWords(err));
      this.#again();
      return undefined;
    }
  }

  async #ofProject(project: Project): Promise<void> {
    const log = await this.#desk.log();
    await log.catchUp();
    if (!log.state.projects.has(project.name)) return;
    const store = await this.#desk.store(project);
    const site: Site = { project, store, log, deps: this.#landDeps(project, store, log) };
    const recovered = await recoverLanding(site.deps);
    if (recovered?.kind === 'landed') await this.#landed(site, 'a landing that was cut off');
    await settleRestores(this.#ports.world, log);
    while (!this.#closed && this.#ports.mayRun() && (await this.#next(site)));
    if (this.#drillIsDue(site)) await this.#ports.world.checkpoints.drill(project.name);
  }

  /** A day after the first checkpoint, and a day after each drill. */
  #drillIsDue({ project: { name }, log: { state } }: Site): boolean {
    const first = [...state.checkpoints.values()].find(({ trees }) => trees.some(({ project }) => project === name));
    const since = state.projects.get(name)?.last_drill?.at ?? first?.at;
    return !this.#closed && since !== undefined && this.#runtime.clock.now().getTime() - Date.parse(since) >= DRILL_MS;
  }

  /** Do one thing for the first change that is ready; false when there is none, or none can go on now. */
  async #next(site: Site): Promise<boolean> {
    for (const change of this.#ready(site)) {
      if (!this.#isApproved(change) && !(await this.#approvedByPolicy(site, change)) && !standsForExact(site, change)) continue;
      if (this.#underWay(site) >= BATCH_SIZE && !(await wasTested(site, change))) continue;
      const moved = await moveChange({ changes: site.log, store: site.store, project: site.project }, change);
      if (moved.kind === 'conflict') {
        await this.#sendRound(site, change, moved.why);
        return true;
      }
      const now = site.log.change(change.change_id);
      const told = now !== undefined && (await tellGates(this.#runtime.gates, site.log, now));
      if (told || moved.kind !== 'there' || !now) {
        this.#ports.moved();
        return told || moved.kind === 'moved';
      }
      if (!this.#isApproved(now) || !this.#isReady(now)) continue;
      if (site.project.settings.land === 'patch') continue;
      const end = await landChange(site.deps, now);
      if (end.kind === 'landed') {
        await this.#landed(site, `${now.change_id} landed`);
        return true;
      }
      this.#runtime.log.info({ change_id: now.change_id, ...end }, 'a change was not landed');
      this.#ports.moved();
      this.#again();
    }
    return false;
  }

  /** Changes that went through their gates, in the order in which they were put together: so each is what was tested. */
  #ready({ log, project }: Site): readonly ChangeRecord[] {
    const all = [...log.state.changes.values()].filter((one) => one.project === project.name && one.phase === 'handed_in');
    const ready = all.filter(({ task_id, attempt }) => this.#atGate(task_id, attempt)?.status === 'ready_for_merge');
    const place = placesIn(log.state);
    return ready.sort((a, b) => place(a) - place(b));
  }

  /** It went through its gates as exactly what it is: another worker may have merged it anew in this moment. */
  #isReady({ task_id, attempt, tree }: ChangeRecord): boolean {
    const at_gate = this.#atGate(task_id, attempt);
    return at_gate?.status === 'ready_for_merge' && at_gate.tree === tree;
  }

  /** What the gates know of an attempt whose task still waits there. */
  #atGate(task_id: string, attempt: number) {
    const { gates, store } = this.#runtime;
    gates.refresh();
    const record: TaskRecord | undefined = store.get(task_id);
    const change = gates.change(task_id);
    return record?.gate && record.attempt === attempt && change?.attempt === attempt ? change : undefined;
  }

  /**
   * How many that are approved are on their way through the tests anew. One batch of them is enough: the rest would be merged
   * anew for nothing, since each that lands moves the branch.
   */
  #underWay({ log, project }: Site): number {
    const { store } = this.#runtime;
    return [...log.state.changes.values()].filter((change) => {
      if (change.project !== project.name || change.phase !== 'handed_in' || !this.#isApproved(change)) return false;
      const status = this.#atGate(change.task_id, change.attempt)?.status;
      const tested = status === 'qa_in_progress' || status === 'needs_integration';
      return tested && store.get(change.task_id)?.gate?.next_mover === 'worker';
    }).length;
  }

  #isApproved({ approval }: ChangeRecord): boolean {
    return approval !== undefined && !isExpired(approval, this.#runtime.clock.now().toISOString());
  }

  /** `land: auto`, which a person set; not after a drill that failed. */
  async #approvedByPolicy({ project, log }: Site, change: ChangeRecord): Promise<boolean> {
    const { clock, config } = this.#runtime;
    if (!policyApproves(change, project, config.approval, log.state.projects.get(project.name))) return false;
    if (change.behind === undefined) await giveApproval({ changes: log, clock }, change, project, 'policy');
    return true;
  }

  /** Others that were through stand on what is not there any more: they are merged anew, or go round where that cannot be. */
  async #landed(site: Site, because: string): Promise<void> {
    const { log, store, project } = site;
    const tip = await lookAtProject(store, log, project);
    for (const change of [...log.state.changes.values()]) {
      if (change.project !== project.name || change.phase !== 'handed_in' || change.behind !== undefined) continue;
      const status = this.#atGate(change.task_id, change.attempt)?.status;
      if (status !== 'ready_for_merge' && status !== 'needs_e2e') continue;
      await log.tryRecord({ event: 'change_behind', actor: RUNTIME, change_id: change.change_id, because });
      const merged = await store.merge(change.base_tree, tip.tree, change.tree);
      if (merged.kind === 'conflict')
        await this.#sendRound(site, change, `${because}. ${conflictInWords(merged, 'what landed')}`);
    }
    this.#ports.moved();
  }

  /** The attempt is over; the next one is told what it ran into. */
  async #sendRound({ log }: Site, { change_id, task_id }: ChangeRecord, reason: string): Promise<void> {
    const { gates, store, config } = this.#runtime;
    await log.tryRecord({ event: 'change_ended', actor: RUNTIME, change_id, state: 'rejected', because: reason });
    await gates.tryRecord({ event: 'change_stopped', actor: RUNTIME, change_id: task_id, reason: reason.slice(0, 8_000) });
    try {
      await store.decide(task_id, { kind: 'reject', reason, max_attempts: config.maxRequeueAttempts }, RUNTIME);
    } catch (error) {
      if (!(error instanceof VivariumError && error.status === 409)) throw error;
    }
  }

  #landDeps(project: Project, store: ProjectStore, log: ChangeStore): LandDeps {
    const { clock, worker_id: by, identity } = this.#runtime;
    const { workers } = this.#ports.world;
    return {
      ...{ log, store, project, clock, by, owner: workers.self(), mayRun: this.#ports.mayRun },
      isGone: (landing) => landing.by === by || !landing.owner || workers.fateOf(landing.owner) === 'dead',
      projectNow: () => this.#desk.project(project.name),
      nameOf: (id) => identity(id)?.name ?? id ?? 'resident',
      checkpoint: () => takeCheckpoint(this.#ports.world, { automatic: true }),
    };
  }

  #again(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), AGAIN_MS).unref();
  }
}

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000);

/** Where each change stands among all that were put together, by the newest batch of each. */
function placesIn({ batches }: ChangesState): (change: ChangeRecord) => number {
  const members = [...batches.values()].flatMap((batch) => batch.members);
  const places = new Map([...members.entries()].map(([place, { change_id }]) => [change_id, place]));
  return ({ change_id }) => places.get(change_id) ?? members.length;
}

/** Whether what it would be upon the branch was tested as exactly that; only the newest batch can have done so. */
async function wasTested({ log, store, project }: Site, change: ChangeRecord): Promise<boolean> {
  const newest = [...log.state.batches.values()].filter((batch) => batch.project === project.name).at(-1);
  if (!newest?.members.some(({ change_id }) => change_id === change.change_id)) return false;
  const tip = await lookAtProject(store, log, project);
  const merged = await store.merge(change.base_tree, tip.tree, change.tree);
  return merged.kind === 'clean' && isTested(log, { ...change, tree: merged.tree });
}

/** What is approved to the byte has to stand on the branch before anybody can approve it. */
const standsForExact = ({ project }: Site, { behind }: ChangeRecord): boolean =>
  project.settings.approval === 'exact' && behind !== undefined;
