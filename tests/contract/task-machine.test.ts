/** Every state that tasks can get into, walked through the store's own door: none is without somebody who moves it next. */
import {
  openTaskStore,
  type PersonCommand,
  type SafetyReport,
  type TaskRecord,
  type TaskStore,
  type WorkerCommand,
} from '@vivarium/core';
import { anOutcome, aReview, aTask, FakeClock, FakeLiveness, memoryBackend } from '@vivarium/core/testing';
import { describe, expect, it } from 'vitest';

interface World {
  readonly store: TaskStore;
  readonly clock: FakeClock;
  readonly liveness: FakeLiveness;
}
type Move = (world: World) => Promise<unknown>;
type Moves = Readonly<Record<string, Move>>;

interface State {
  /** The moves that led here first, by name. */
  readonly path: readonly string[];
  /** Keys of the states that one move leads to. */
  readonly next: Set<string>;
  /** Every task is approved. */
  readonly done: boolean;
}

const MAX = 2;
const report: SafetyReport = {
  timestamp: '2026-01-01T00:00:00.000Z',
  stage: 'worker',
  subject: '',
  subject_sha256: '',
  passed: false,
  checks: [],
};
const hold = (kind: 'review' | 'budget' | 'clarify') => ({ kind, reason: kind, action: 'pnpm worker retry' });
const gate = (next_mover: 'worker' | 'person') => ({ kind: 'gates', reason: 'a gate', action: 'look', next_mover }) as const;

const WORKERS: Readonly<Record<string, WorkerCommand>> = {
  executed: { kind: 'record_execution', outcome: anOutcome() },
  reviewed: { kind: 'record_review', review: aReview() },
  passed_gates: { kind: 'pass_gates' },
  approved: { kind: 'approve', review: aReview() },
  rejected: { kind: 'reject', review: aReview({ verdict: 'REJECT' }), max_attempts: MAX },
  held_for_review: { kind: 'hold', hold: hold('review') },
  held_for_money: { kind: 'hold', hold: hold('budget') },
  held_for_an_answer: { kind: 'hold', hold: hold('clarify') },
  to_gates: { kind: 'hold', hold: gate('worker') },
  to_a_person_at_a_gate: { kind: 'hold', hold: gate('person') },
  blocked: { kind: 'block', reason: 'a rule', safety_report: report },
  failed_once: { kind: 'retry_later', reason: 'no answer', max_failures: MAX },
  failed: { kind: 'fail', reason: 'exit 2' },
  released: { kind: 'release', reason: 'stopping' },
  declined: { kind: 'release', reason: 'not mine', declined_by: 'ash' },
};
const PERSONS: Readonly<Record<string, PersonCommand>> = {
  approve: { kind: 'approve' },
  approve_gates: { kind: 'approve', gates: 'ready_for_merge' },
  reject: { kind: 'reject', reason: 'once more', max_attempts: MAX },
  retry: { kind: 'retry' },
  cancel: { kind: 'cancel' },
  collapse: { kind: 'collapse' },
  to_tests: { kind: 'gate', status: 'needs_qa', hold: gate('worker') },
  to_person: { kind: 'gate', status: 'needs_integration', hold: gate('person') },
  unhold: { kind: 'unhold', reason: 'the day is over' },
};

const claim = (worker_id: string) => (world: World) => world.store.claim({ worker_id, limit: 9, assign: () => ({}) });

async function advance({ store, clock }: World): Promise<void> {
  const due = store.nextDue();
  if (due) clock.advance(due);
}

const say =
  (id: string, command: WorkerCommand): Move =>
  async ({ store }) => {
    const lease = store.get(id)?.lease;
    if (lease) await store.record(lease, command);
  };

/** What workers, people, time and death can do to these tasks. */
function movesOf(ids: readonly string[], commands: readonly string[], persons: readonly string[]): Moves {
  const moves: Record<string, Move> = {
    claim: async (world) => world.liveness.isLive('w1') && claim('w1')(world),
    dies: async ({ liveness }) => liveness.kill('w1'),
    take_over: claim('w2'),
    time: advance,
  };
  for (const id of ids) {
    for (const name of commands) moves[`${id} ${name}`] = say(id, WORKERS[name]!);
    for (const name of persons) moves[`${id} ${name}!`] = ({ store }) => store.decide(id, PERSONS[name]!, 'person');
  }
  return moves;
}

const expand = (id: string): Move =>
  say(id, { kind: 'expand', reason: 'parts', children: [aTask({ id: `${id}_1`, parent_task_id: id })] });

const GATES: ReadonlySet<string> = new Set(['pending_review', 'needs_qa', 'needs_integration', 'needs_e2e']);

class Exploration {
  readonly states = new Map<string, State>();
  readonly #tasks: readonly ReturnType<typeof aTask>[];
  readonly #moves: Moves;

  constructor(tasks: readonly ReturnType<typeof aTask>[], moves: Moves) {
    this.#tasks = tasks;
    this.#moves = moves;
  }

  async run(): Promise<this> {
    this.#note(await this.world([]), []);
    for (const [key, state] of this.states) await this.#leave(key, state);
    return this;
  }

  async world(path: readonly string[]): Promise<World> {
    const [clock, liveness] = [new FakeClock(), new FakeLiveness()];
    const world = { clock, liveness, store: await openTaskStore({ backend: memoryBackend(clock), liveness, random: () => 0.5 }) };
    await world.store.add(this.#tasks, 'person');
    for (const name of path) await this.#moves[name]?.(world);
    return world;
  }

  /** Try every move; one that is refused or changes nothing leaves the world fit for the next. */
  async #leave(key: string, { path, next }: State): Promise<void> {
    let world = await this.world(path);
    for (const [name, move] of Object.entries(this.#moves)) {
      await Promise.resolve(move(world)).catch(() => undefined);
      if (keyOf(world) === key) continue;
      next.add(this.#note(world, [...path, name]));
      world = await this.world(path);
    }
  }

  #note(world: World, path: readonly string[]): string {
    const key = keyOf(world);
    const done = recordsOf(world).every(({ status }) => status === 'approved');
    if (!this.states.has(key)) this.states.set(key, { path, next: new Set(), done });
    return key;
  }

  /** The states from which no way leads to where every task is approved. */
  lost(): string[] {
    const before = new Map<string, string[]>();
    for (const [key, { next }] of this.states) for (const after of next) before.set(after, [...(before.get(after) ?? []), key]);
    const reached = new Set([...this.states].flatMap(([key, { done }]) => (done ? [key] : [])));
    for (const key of reached) for (const earlier of before.get(key) ?? []) reached.add(earlier);
    return [...this.states.keys()].filter((key) => !reached.has(key));
  }
}

const recordsOf = ({ store }: World): readonly TaskRecord[] => store.list({ limit: 99 }).records;

/** What decides how a task can go on; counters without a bound of their own (epochs, redrives) are left out. */
function keyOf(world: World): string {
  const { clock, liveness } = world;
  const shown = recordsOf(world).map((record) => {
    const { lease, not_before, hold, gate } = record;
    const held = [lease && (liveness.isLive(lease.worker_id) ? 'live' : 'dead'), hold?.kind, gate?.next_mover];
    const counted = [record.attempt - record.first_attempt, record.failures, record.declined_by?.length ?? 0];
    const waits = not_before !== undefined && Date.parse(not_before.at) > clock.now().getTime();
    return [record.task.id, record.status, ...held, ...counted, record.outcome !== undefined, record.children?.length, waits];
  });
  return [liveness.isLive('w1'), ...shown.sort()].join('\n');
}

/** What is wrong with the one who is said to move a task next; undefined when it is true. */
async function lieOf(world: World, id: string): Promise<string | undefined> {
  const { store, clock } = world;
  const { mover, because, action } = store.explain(id);
  const record = store.get(id);
  if (because === '') return 'no reason is given';
  switch (mover.kind) {
    case 'nobody':
      return record?.status === 'approved' ? undefined : 'nobody moves it';
    case 'dependency':
      return store.get(mover.task_id) ? undefined : 'it waits for a task that is not there';
    case 'person':
      return (await answered(world, id, action)) ? undefined : `${action} is refused`;
    case 'lease':
      if (mover.live) return undefined;
      return (await claimedBy(world, 'w2', id)) ? undefined : 'no worker can take it over';
    case 'timer':
      if (store.nextDue() === undefined) return 'no worker would wake for its timer';
      clock.advance(Date.parse(mover.at) - clock.now().getTime());
      return (await claimedBy(world, 'w2', id)) ? undefined : 'its timer ran out and no worker can claim it';
    case 'worker':
      if (record?.gate) return GATES.has(record.status) ? undefined : `it stands at a gate and is ${record.status}`;
      if (store.nextDue() !== 0) return 'no worker would look at it';
      return (await claimedBy(world, 'w2', id)) ? undefined : 'no worker can claim it';
  }
}

async function claimedBy(world: World, worker: string, id: string): Promise<boolean> {
  return (await claim(worker)(world)).some(({ record }) => record.task.id === id);
}

/** Whether the person can do what is proposed; a hold's own action stands for an answer, an edit or a retry. */
async function answered({ store }: World, id: string, action: string): Promise<boolean> {
  const [verb = '', named = id] = action.replace('pnpm worker ', '').split(' ');
  const command = PERSONS[verb] ?? PERSONS['retry']!;
  return store.decide(named, command, 'person').then(
    () => true,
    () => false,
  );
}

async function expectMovers(exploration: Exploration): Promise<void> {
  for (const [key, { path }] of exploration.states) {
    const ids = recordsOf(await exploration.world(path)).map(({ task }) => task.id);
    for (const id of ids) {
      const lie = await lieOf(await exploration.world(path), id);
      expect(lie, `${id} after ${path.join(', ')}\n${key}`).toBeUndefined();
    }
  }
  expect(exploration.lost()).toEqual([]);
}

describe('every state that can be reached', () => {
  it('of one task has a next mover who can move it, and a way to be approved', async () => {
    const moves = movesOf(['a'], Object.keys(WORKERS), Object.keys(PERSONS));
    const exploration = await new Exploration([aTask({ id: 'a' })], moves).run();
    await expectMovers(exploration);
  });

  it('of a task with gates', async () => {
    const moves = movesOf(['a'], Object.keys(WORKERS), Object.keys(PERSONS));
    const exploration = await new Exploration([aTask({ id: 'a', gates: true })], moves).run();
    await expectMovers(exploration);
  });

  it('of a task that waits for another', async () => {
    const moves = movesOf(['a', 'b'], ['executed', 'approved', 'rejected', 'failed'], ['retry', 'cancel']);
    const exploration = await new Exploration([aTask({ id: 'a' }), aTask({ id: 'b', depends_on: ['a'] })], moves).run();
    expect(exploration.states.size).toBeGreaterThan(200);
    await expectMovers(exploration);
  });

  it('of a task in steps', async () => {
    const moves = {
      ...movesOf(['a'], ['approved', 'failed', 'released'], ['retry', 'cancel', 'collapse']),
      ...movesOf(['a_1'], ['executed', 'approved', 'rejected', 'held_for_review'], ['approve', 'reject', 'retry', 'cancel']),
      'a expanded': expand('a'),
    };
    const exploration = await new Exploration([aTask({ id: 'a' })], moves).run();
    expect(exploration.states.size).toBeGreaterThan(400);
    await expectMovers(exploration);
  });
});
