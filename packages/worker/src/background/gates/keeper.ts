import {
  type Change,
  type GateStep,
  gateHold,
  type Hold,
  isFatal,
  nextGateStep,
  OPEN_STATUSES,
  StorageError,
  type TaskRecord,
  taskStatusAt,
  VivariumError,
} from '@vivarium/core';
import { AGAIN_MS } from '../../pipeline/proving.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { declared } from './declared.ts';
import { type StepPorts, takeStep } from './steps.ts';

/** How soon it is looked at again whether a person has mended what a gate waits for. */
const PERSON_MS = 30_000;
const AT_GATES = OPEN_STATUSES.filter((status) => status === 'pending_review' || status.startsWith('needs_'));

export interface KeeperPorts {
  /** Hears that it has come to rest. */
  readonly moved: () => void;
  /** True when the worker has nothing to do and nothing to begin: nobody else is going to vote. */
  readonly idle: () => boolean;
  /** False under HALT and PAUSE. */
  readonly mayRun: () => boolean;
  /** Hears what the tests showed of a change on which somebody voted. */
  readonly proved: (proof: Proof) => Promise<void>;
}

/** What nobody could sway said of a change, after the vote on it. */
export interface Proof {
  readonly subject_id: string;
  readonly truth: 'good' | 'bad';
  readonly evidence: string;
}

/**
 * Takes changes from gate to gate beside the work: closes ballots, lets the QA be claimed, runs tests, integrates batches.
 * Every worker has one; the gates' log decides who was first. A change that is through, or turned down, sends its task on.
 */
export class GateKeeper {
  readonly #runtime: Runtime;
  readonly #ports: KeeperPorts;
  readonly #steps: StepPorts;
  readonly #stop = new AbortController();
  /** Tasks at a gate: looked for once, then followed, since looking through all of them takes long. */
  readonly #standing = new Set<string>();
  readonly #asked = new Map<string, number>();
  #due = false;
  #running = false;
  #waits = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #silence: (() => void)[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, ports: KeeperPorts) {
    this.#runtime = runtime;
    this.#ports = ports;
    const byTask = declared(runtime);
    this.#steps = {
      idle: ports.idle,
      proving: async ({ project }) => (project === undefined ? byTask : (await runtime.changes()).proving),
    };
  }

  /** True while there is a step that this worker is going to take. */
  get busy(): boolean {
    return this.#due || this.#running || (this.#waits && this.#standing.size > 0);
  }

  start(): void {
    const { store, gates } = this.#runtime;
    this.#silence = [
      store.onEvent((_event, record) => {
        if (record.task.gates === true && this.#note(record)) this.wake();
      }),
      gates.follow(() => this.wake()),
    ];
    for (const record of store.list({ statuses: AT_GATES, limit: 100_000 }).records) this.#note(record);
    this.wake();
  }

  /** Ask again also what a person was asked for. */
  askAgain(): void {
    this.#asked.clear();
    this.wake();
  }

  /** Look again: something may have become possible. */
  wake(): void {
    if (this.#due || this.#stop.signal.aborted) return;
    if (!this.#running && this.#standing.size === 0) {
      this.#rest();
      return;
    }
    this.#due = true;
    this.#work = this.#work.then(() => this.#run());
  }

  /** What was to be tried again is another worker's by now, or done. */
  #rest(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#ports.moved();
  }

  async close(): Promise<void> {
    for (const silence of this.#silence) silence();
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    this.#due = false;
    this.#waits = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#stop.signal.aborted || !this.#ports.mayRun()) return;
    this.#running = true;
    try {
      const tripped = new Set<string>();
      while (await this.#round(tripped));
    } catch (err) {
      this.#runtime.log.warn({ err }, 'the quality gates could not be moved; trying again');
      if (!isFatal(err)) this.#again(AGAIN_MS);
    }
    this.#running = false;
    this.#ports.moved();
  }

  /** One step for every task at a gate, but those that something went wrong with; false when none was taken. */
  async #round(tripped: Set<string>): Promise<boolean> {
    this.#runtime.gates.refresh();
    let moved = false;
    for (const record of this.#atGates()) {
      if (this.#stop.signal.aborted || !this.#ports.mayRun()) return false;
      if (!tripped.has(record.task.id)) moved = (await this.#tryMove(record, tripped)) || moved;
    }
    return moved;
  }

  /** What goes wrong with one change keeps no other waiting: the task tells it, and it is tried again later. */
  async #tryMove(record: TaskRecord, tripped: Set<string>): Promise<boolean> {
    const { id } = record.task;
    try {
      return await this.#move(record);
    } catch (err) {
      if (isFatal(err)) throw err;
      tripped.add(id);
      this.#runtime.log.warn({ task_id: id, err }, 'a change could not be moved on; trying again');
      this.#askAgain(id);
      if (!(err instanceof VivariumError) || err instanceof StorageError) return false;
      return this.#tell(record, `${err.message}${err.fix === undefined ? '' : `. ${err.fix}`}`);
    }
  }

  async #move(record: TaskRecord): Promise<boolean> {
    const { gates, store, worker_id } = this.#runtime;
    const change = gates.change(record.task.id);
    const step = change?.attempt === record.attempt ? nextGateStep(gates.state, change) : undefined;
    if (!change || !step || step.kind === 'ready' || step.kind === 'lost') {
      const hold = change?.project !== undefined && step?.kind === 'ready' ? await this.#waitsToLand(record) : undefined;
      if (change && hold) return this.#tellHold(record, taskStatusAt(change.status), hold);
      const proof = change && step && proofOf(change, step);
      if (proof) await this.#ports.proved(proof);
      return this.#unlessFirst(() => store.decide(record.task.id, { kind: 'unhold', reason: goesOn(step) }, worker_id));
    }
    const rest = (this.#asked.get(record.task.id) ?? 0) - this.#clock();
    if (record.hold && rest > 0) {
      // The run that looks in between has put the timer out.
      this.#again(rest);
      return false;
    }
    const stepped = await takeStep(this.#runtime, this.#steps, { record, change, step }, this.#stop.signal);
    if (stepped.kind === 'later') this.#again(stepped.ms);
    if (stepped.kind === 'person') this.#askAgain(record.task.id);
    const told = await this.#tell(record, stepped.kind === 'person' ? stepped.reason : undefined);
    return stepped.kind === 'done' && told;
  }

  /** Let the task say where it stands. False when the task is somebody else's by now. */
  async #tell({ task }: TaskRecord, person: string | undefined): Promise<boolean> {
    const { gates, store, worker_id } = this.#runtime;
    const record = store.get(task.id);
    const change: Change | undefined = gates.change(task.id);
    if (!record?.gate || !change) return false;
    const step: GateStep = nextGateStep(gates.state, change);
    const hold = gateHold(change, step, person);
    const status = taskStatusAt(change.status);
    if (hold.reason === record.gate.reason && status === record.status) return true;
    return this.#unlessFirst(() => store.decide(task.id, { kind: 'gate', status, hold }, worker_id));
  }

  async #waitsToLand(record: TaskRecord): Promise<Hold | undefined> {
    const changes = await this.#runtime.changes();
    const hold = await changes.waitsToLand(record);
    if (hold?.next_mover === 'worker') {
      changes.wake();
      this.#again(AGAIN_MS);
    }
    return hold;
  }

  /** What a change that is through waits for; the same is not told twice. */
  async #tellHold({ task, gate }: TaskRecord, status: ReturnType<typeof taskStatusAt>, hold: Hold): Promise<boolean> {
    const { store, worker_id } = this.#runtime;
    if (gate?.kind === hold.kind && gate.reason === hold.reason && gate.action === hold.action) return false;
    return this.#unlessFirst(() => store.decide(task.id, { kind: 'gate', status, hold }, worker_id));
  }

  async #unlessFirst(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof VivariumError && error.status === 409) return false;
      throw error;
    }
  }

  #askAgain(id: string): void {
    this.#asked.set(id, this.#clock() + PERSON_MS);
    this.#again(PERSON_MS);
  }

  #clock(): number {
    return this.#runtime.clock.monotonicMs();
  }

  /** Whether the task stands at a gate. */
  #note({ task, gate }: TaskRecord): boolean {
    if (gate === undefined) {
      this.#standing.delete(task.id);
      this.#asked.delete(task.id);
    } else this.#standing.add(task.id);
    return gate !== undefined;
  }

  #atGates(): readonly TaskRecord[] {
    return [...this.#standing].flatMap((id) => this.#runtime.store.get(id) ?? []);
  }

  #again(ms: number): void {
    this.#waits ||= ms <= AGAIN_MS;
    const at = this.#clock() + ms;
    if (this.#timer && this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.wake(), ms).unref();
  }
}

/** A change that is lost without a failed test was voted down or stopped, which proves nothing. */
function proofOf({ ballot_id: subject_id, test_results }: Change, step: GateStep): Proof | undefined {
  if (step.kind === 'ready') return { subject_id, truth: 'good', evidence: 'it went through all gates' };
  const failed = Object.entries(test_results).find(([, result]) => !result.passed);
  if (!failed) return undefined;
  return { subject_id, truth: 'bad', evidence: `${failed[0]}: ${failed[1].details}`.slice(0, 2_000) };
}

function goesOn(step: GateStep | undefined): string {
  if (step?.kind === 'ready') return 'its change is ready for merge';
  if (step?.kind === 'lost') return `a quality gate turned it down: ${step.reasons.join('; ')}`;
  return 'its change is put to the vote again';
}
