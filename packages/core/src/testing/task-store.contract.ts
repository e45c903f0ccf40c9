import { describe, expect, it } from 'vitest';
import type { Task } from '../contract/task.ts';
import { InvalidInputError, LeaseLostError, TaskConflictError, TaskNotFoundError } from '../errors/index.ts';
import type { Claim, TaskStore } from '../ports/task-store.ts';
import { anOutcome, aReview, aTask, FakeLiveness } from './builders.ts';
import { FakeClock } from './clock.ts';

export interface StoreBench {
  readonly store: TaskStore;
  readonly clock: FakeClock;
  readonly liveness: FakeLiveness;
}

/** The promises every TaskStore keeps. Call once per backend; `open` gives an empty store on the given clock and liveness. */
export function describeTaskStore(
  backend: string,
  open: (options: { clock: FakeClock; liveness: FakeLiveness; random: () => number }) => Promise<TaskStore>,
): void {
  const bench = async (): Promise<StoreBench> => {
    const clock = new FakeClock();
    const liveness = new FakeLiveness();
    return { clock, liveness, store: await open({ clock, liveness, random: () => 0.5 }) };
  };
  describe(`TaskStore on ${backend}`, () => {
    describeIntake(bench);
    describeClaims(bench);
    describeOutcomes(bench);
    describePersons(bench);
    describeMovers(bench);
    describeSteps(bench);
  });
}

type Bench = () => Promise<StoreBench>;

async function take(store: TaskStore, worker = 'w1', limit = 1): Promise<Claim[]> {
  return [...(await store.claim({ worker_id: worker, limit, assign: () => ({ identity_id: 'ash' }) }))];
}

async function takeOne(store: TaskStore, worker = 'w1'): Promise<Claim> {
  const [claim] = await take(store, worker);
  if (!claim) throw new Error('nothing to claim');
  return claim;
}

async function approve(store: TaskStore, claim: Claim) {
  return store.record(claim.lease, { kind: 'approve', review: aReview() });
}

function describeIntake(bench: Bench) {
  it('adds a task once, and the same task again changes nothing', async () => {
    const { store } = await bench();
    expect(await store.add([aTask({ id: 'a' })], 'person')).toEqual({ added: ['a'], known: [] });
    expect(await store.add([aTask({ id: 'a' })], 'person')).toEqual({ added: [], known: ['a'] });
    expect(store.counts().total).toBe(1);
  });

  it('refuses an id that stands with another body, and adds none of the batch', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'person');
    await expect(store.add([aTask({ id: 'b' }), aTask({ id: 'a', prompt: 'other' })], 'person')).rejects.toThrow(
      TaskConflictError,
    );
    expect(store.get('b')).toBeUndefined();
  });

  it('refuses missing dependencies, circles and ids used twice, with the field named', async () => {
    const { store } = await bench();
    await expect(store.add([aTask({ id: 'a', depends_on: ['nobody'] })], 'p')).rejects.toThrow(
      /depends_on: there is no task nobody/,
    );
    const circle = [
      aTask({ id: 'a', depends_on: ['c'] }),
      aTask({ id: 'b', depends_on: ['a'] }),
      aTask({ id: 'c', depends_on: ['b'] }),
    ];
    await expect(store.add(circle, 'p')).rejects.toThrow(/tasks\[0\]\.depends_on: circle: a -> /);
    await expect(store.add([aTask({ id: 'a' }), aTask({ id: 'a' })], 'p')).rejects.toThrow(InvalidInputError);
    expect(store.counts().total).toBe(0);
  });

  it('holds a proposal until a person lets it run', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a', proposed: true })], 'planner');
    expect(await take(store)).toEqual([]);
    expect(store.explain('a')).toMatchObject({ mover: { kind: 'person' }, action: 'pnpm worker retry a' });
    await store.decide('a', { kind: 'retry' }, 'person');
    expect(await take(store)).toHaveLength(1);
  });
}

function describeClaims(bench: Bench) {
  it('gives the best runnable tasks: priority first, then order of arrival', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' }), aTask({ id: 'b' }), aTask({ id: 'c', priority: 'high' })], 'p');
    expect((await take(store, 'w1', 3)).map((claim) => claim.record.task.id)).toEqual(['c', 'a', 'b']);
  });

  it('never gives one task to two claimants', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const both = await Promise.all([take(store, 'w1'), take(store, 'w2')]);
    expect(both.flat()).toHaveLength(1);
  });

  it('leaves a task to others when it has nobody for it', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a', identity_id: 'wren' }), aTask({ id: 'b' })], 'p');
    const assign = (task: { identity_id?: string | undefined }) => (task.identity_id === 'wren' ? undefined : {});
    const claims = await store.claim({ worker_id: 'w1', limit: 5, assign });
    expect(claims.map((claim) => claim.record.task.id)).toEqual(['b']);
  });

  it('waits for dependencies to be approved, not merely executed', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' }), aTask({ id: 'b', depends_on: ['a'] })], 'p');
    const claim = await takeOne(store);
    await store.record(claim.lease, { kind: 'record_execution', outcome: anOutcome() });
    expect(await take(store)).toEqual([]);
    await approve(store, claim);
    expect((await takeOne(store)).record.task.id).toBe('b');
  });

  it('takes over from a dead worker at the same attempt and keeps the checkpoint', async () => {
    const { store, liveness } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const first = await takeOne(store, 'w2');
    await store.record(first.lease, { kind: 'record_execution', outcome: anOutcome({ result_summary: 'paid for' }) });
    expect(await take(store, 'w1')).toEqual([]);
    liveness.kill('w2');
    const second = await takeOne(store, 'w1');
    expect(second.lease).toMatchObject({ epoch: 2, attempt: 1 });
    expect(second.record.outcome?.result_summary).toBe('paid for');
    await expect(approve(store, first)).rejects.toThrow(LeaseLostError);
    expect((await approve(store, second)).status).toBe('approved');
  });

  it('gives back a released task without counting an attempt', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const claim = await takeOne(store);
    expect(await store.record(claim.lease, { kind: 'release', reason: 'shutting down' })).toMatchObject({
      status: 'queued',
      attempt: 1,
    });
    expect((await takeOne(store)).lease).toMatchObject({ attempt: 1, epoch: 2 });
  });
}

function describeOutcomes(bench: Bench) {
  it('requeues a rejected task with its reasons and a delay, then fails it with all reasons', async () => {
    const { store, clock } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const review = aReview({ verdict: 'REJECT', issues: ['too short'], suggestions: ['write more'] });
    const first = await takeOne(store);
    const requeued = await store.record(first.lease, { kind: 'reject', review, max_attempts: 2 });
    expect(requeued).toMatchObject({
      status: 'requeue',
      attempt: 2,
      feedback: { issues: ['too short'], suggestions: ['write more'] },
    });
    expect(await take(store)).toEqual([]);
    expect(store.nextDue()).toBe(1000);
    clock.advance(1000);
    const second = await takeOne(store);
    const failed = await store.record(second.lease, { kind: 'reject', review, max_attempts: 2 });
    expect(failed.status).toBe('failed');
    expect(failed.reasons.join('\n')).toMatch(/too short[\s\S]*after 2 attempt\(s\): too short/);
  });

  it('retries a failed execution within the attempt, with growing delays, and gives up at the limit', async () => {
    const { store, clock } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const delays: number[] = [];
    for (let failures = 1; failures <= 2; failures++) {
      const claim = await takeOne(store);
      await store.record(claim.lease, { kind: 'retry_later', reason: 'provider down', max_failures: 3 });
      delays.push(store.nextDue() ?? -1);
      clock.advance(60_000);
    }
    expect(delays).toEqual([1000, 2000]);
    const last = await takeOne(store);
    const failed = await store.record(last.lease, { kind: 'retry_later', reason: 'provider down', max_failures: 3 });
    expect(failed).toMatchObject({ status: 'failed', attempt: 1 });
  });

  it('does not let a clock that was set back keep a task waiting', async () => {
    const { store, clock } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    await store.record((await takeOne(store)).lease, { kind: 'retry_later', reason: 'x', max_failures: 3 });
    clock.setWall('2025-12-31T00:00:00.000Z');
    expect(await take(store)).toHaveLength(1);
  });

  it('applies several commands of one worker together', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const claim = await takeOne(store);
    await store.record(
      claim.lease,
      { kind: 'record_execution', outcome: anOutcome() },
      { kind: 'record_review', review: aReview() },
    );
    expect((await approve(store, claim)).outcome?.result_summary).toBe('hello');
    expect(store.history('a').map((event) => event.status)).toEqual([
      'queued',
      'in_progress',
      'completed',
      'pending_review',
      'approved',
    ]);
  });
}

function describePersons(bench: Bench) {
  const heldForReview = async (store: TaskStore) => {
    await store.add([aTask({ id: 'a' })], 'p');
    const claim = await takeOne(store);
    await store.record(claim.lease, { kind: 'record_execution', outcome: anOutcome() });
    const hold = { kind: 'review', reason: 'no critic', action: 'pnpm worker approve a' } as const;
    return store.record(claim.lease, { kind: 'hold', hold });
  };

  it('holds for a person and lets the person approve once', async () => {
    const { store } = await bench();
    expect((await heldForReview(store)).status).toBe('pending_review');
    expect(await take(store)).toEqual([]);
    expect((await store.decide('a', { kind: 'approve' }, 'person')).status).toBe('approved');
    await expect(store.decide('a', { kind: 'approve' }, 'person')).rejects.toThrow(TaskConflictError);
  });

  it("sends a person's reasons back to the next attempt", async () => {
    const { store } = await bench();
    await heldForReview(store);
    await store.decide('a', { kind: 'reject', reason: 'wrong tone', max_attempts: 3 }, 'person');
    const claim = await takeOne(store);
    expect(claim.record).toMatchObject({ attempt: 2, feedback: { issues: ['wrong tone'] } });
    expect(claim.record.outcome).toBeUndefined();
  });

  it('redrives a failed task with a fresh count of attempts, and refuses what cannot be', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const claim = await takeOne(store);
    await expect(store.decide('a', { kind: 'retry' }, 'person')).rejects.toThrow(/is running/);
    await store.record(claim.lease, { kind: 'fail', reason: 'exit 2' });
    expect(await store.decide('a', { kind: 'retry' }, 'person')).toMatchObject({
      status: 'queued',
      attempt: 2,
      first_attempt: 2,
    });
    await expect(store.decide('zzz', { kind: 'retry' }, 'person')).rejects.toThrow(TaskNotFoundError);
  });

  it('cancels a running task, and the worker loses its claim', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    const claim = await takeOne(store);
    expect((await store.decide('a', { kind: 'cancel' }, 'person')).status).toBe('cancelled');
    await expect(approve(store, claim)).rejects.toThrow(LeaseLostError);
  });

  it('edits a waiting task and refuses to edit a running one', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'a' })], 'p');
    await store.decide('a', { kind: 'edit', task: aTask({ id: 'a', prompt: 'Say goodbye' }) }, 'person');
    expect((await takeOne(store)).record.task.prompt).toBe('Say goodbye');
    const edit = store.decide('a', { kind: 'edit', task: aTask({ id: 'a', prompt: 'Again' }) }, 'person');
    await expect(edit).rejects.toThrow(/only a task that waits can be edited/);
  });
}

function describeMovers(bench: Bench) {
  it('names one next mover for whatever is unfinished', async () => {
    const { store, liveness } = await bench();
    await store.add([aTask({ id: 'a' }), aTask({ id: 'b', depends_on: ['a'] })], 'p');
    expect(store.explain('a').mover.kind).toBe('worker');
    expect(store.explain('b').mover).toMatchObject({ kind: 'dependency', task_id: 'a' });
    const claim = await takeOne(store);
    expect(store.explain('a').mover).toMatchObject({ kind: 'lease', worker_id: 'w1', live: true });
    liveness.kill('w1');
    expect(store.explain('a')).toMatchObject({ mover: { kind: 'lease', live: false }, because: expect.stringContaining('died') });
    await store.record(claim.lease, { kind: 'fail', reason: 'exit 2' });
    expect(store.explain('a')).toMatchObject({ mover: { kind: 'person' }, action: 'pnpm worker retry a' });
    expect(store.explain('b')).toMatchObject({
      because: 'it is blocked: it depends on a, which is failed',
      action: 'pnpm worker retry a',
    });
  });

  it('tells listeners every event once and pages through tasks', async () => {
    const { store } = await bench();
    const heard: string[] = [];
    store.onEvent((event) => heard.push(event.event));
    await store.add(
      [1, 2, 3].map((n) => aTask({ id: `t${n}` })),
      'p',
    );
    await approve(store, await takeOne(store));
    expect(heard).toEqual(['task_added', 'task_added', 'task_added', 'task_claimed', 'task_approved']);
    const first = store.list({ limit: 2 });
    expect(first.records.map((record) => record.task.id)).toEqual(['t1', 't2']);
    expect(store.list({ limit: 2, ...(first.next ? { cursor: first.next } : {}) }).records.map((r) => r.task.id)).toEqual(['t3']);
    expect(store.list({ statuses: ['approved'] }).records.map((r) => r.task.id)).toEqual(['t1']);
    expect(store.list({ text: 'HELLO', order: 'newest' }).records.map((r) => r.task.id)).toEqual(['t3', 't2', 't1']);
  });
}

function describeSteps(bench: Bench) {
  const step = (n: number, more: object = {}) => aTask({ id: `p_${n}`, parent_task_id: 'p', prompt: `Part ${n}`, ...more });
  const expanded = async (store: TaskStore, ...children: Task[]) => {
    await store.add([aTask({ id: 'p' })], 'person');
    const { lease } = await takeOne(store);
    return store.record(lease, { kind: 'expand', children, reason: 'two parts' });
  };

  it('adds all steps at once and lets their task wait for them', async () => {
    const { store } = await bench();
    const record = await expanded(store, step(1), step(2, { depends_on: ['p_1'] }));
    expect(record).toMatchObject({ status: 'queued', children: ['p_1', 'p_2'], attempt: 1 });
    expect(record.lease).toBeUndefined();
    expect(store.history('p_1')).toMatchObject([{ event: 'task_added', status: 'queued', task: { prompt: 'Part 1' } }]);
    expect(store.explain('p')).toMatchObject({
      mover: { kind: 'dependency', task_id: 'p_1' },
      action: 'pnpm worker explain p_1',
    });
    expect((await take(store, 'w1', 9)).map(({ record: { task } }) => task.id)).toEqual(['p_1']);
  });

  it('gives the task back to a worker, in the same attempt, once every step is approved', async () => {
    const { store } = await bench();
    await expanded(store, step(1), step(2));
    for (const claim of await take(store, 'w1', 9)) await approve(store, claim);
    expect(store.nextDue()).toBe(0);
    const claim = await takeOne(store);
    expect(claim.record).toMatchObject({ task: { id: 'p' }, children: ['p_1', 'p_2'], attempt: 1, epoch: 2 });
    expect(await store.record(claim.lease, { kind: 'release', reason: 'shutting down' })).toMatchObject({
      children: ['p_1', 'p_2'],
    });
    expect((await approve(store, await takeOne(store))).status).toBe('approved');
  });

  it('adds no step when one of their ids stands already', async () => {
    const { store } = await bench();
    await store.add([aTask({ id: 'p_2', prompt: 'Another task' }), aTask({ id: 'p', priority: 'high' })], 'person');
    const { lease } = await takeOne(store);
    await expect(store.record(lease, { kind: 'expand', children: [step(1), step(2)], reason: 'x' })).rejects.toThrow();
    expect(store.get('p_1')).toBeUndefined();
    expect(store.get('p')).toMatchObject({ status: 'in_progress' });
  });

  it('adds no step for a worker that lost its claim', async () => {
    const { store, liveness } = await bench();
    await store.add([aTask({ id: 'p' })], 'person');
    const slow = await takeOne(store);
    liveness.kill('w1');
    await takeOne(store, 'w2');
    await expect(store.record(slow.lease, { kind: 'expand', children: [step(1)], reason: 'x' })).rejects.toThrow(LeaseLostError);
    expect([store.get('p_1'), store.get('p')?.children, store.counts().total]).toEqual([undefined, undefined, 1]);
  });

  it('tells a worker that lost its claim so, also when the next one has added the same steps', async () => {
    const { store, liveness } = await bench();
    await store.add([aTask({ id: 'p' })], 'person');
    const slow = await takeOne(store);
    liveness.kill('w1');
    const heir = await takeOne(store, 'w2');
    await store.record(heir.lease, { kind: 'expand', children: [step(1)], reason: 'x' });
    await expect(store.record(slow.lease, { kind: 'expand', children: [step(1)], reason: 'x' })).rejects.toThrow(LeaseLostError);
  });

  it('names a lost step, and goes on once that step is retried and approved', async () => {
    const { store } = await bench();
    await expanded(store, step(1), step(2));
    const [first, second] = await take(store, 'w1', 9);
    await store.record(first!.lease, { kind: 'fail', reason: 'exit 2' });
    expect(store.explain('p')).toMatchObject({
      because: 'it is blocked: its step p_1 is failed',
      action: 'pnpm worker retry p_1',
    });
    const parent = await takeOne(store);
    await store.record(parent.lease, { kind: 'fail', reason: 'step p_1 is failed' });
    await approve(store, second!);
    expect(store.explain('p')).toMatchObject({ status: 'failed', mover: { kind: 'person' }, action: 'pnpm worker retry p_1' });
    await store.decide('p_1', { kind: 'retry' }, 'person');
    expect(store.explain('p').mover).toMatchObject({ kind: 'dependency', task_id: 'p_1' });
    await approve(store, await takeOne(store));
    expect((await takeOne(store)).record.task.id).toBe('p');
  });

  it('retries the lost steps with their task, and cancels open steps with it', async () => {
    const { store } = await bench();
    await expanded(store, step(1), step(2));
    const [first] = await take(store);
    await store.record(first!.lease, { kind: 'fail', reason: 'exit 2' });
    await store.record((await takeOne(store)).lease, { kind: 'release', reason: 'x' });
    await store.decide('p', { kind: 'retry' }, 'person');
    expect(store.get('p_1')?.status).toBe('queued');
    await store.decide('p', { kind: 'cancel' }, 'person');
    expect(['p', 'p_1', 'p_2'].map((id) => store.get(id)?.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('takes a breakdown back until a step has started', async () => {
    const { store } = await bench();
    await expanded(store, step(1), step(2));
    expect(await store.decide('p', { kind: 'collapse' }, 'person')).toMatchObject({
      status: 'queued',
      task: { phase4_skip: true },
    });
    expect(store.get('p')?.children).toBeUndefined();
    expect(store.get('p_1')).toMatchObject({ status: 'cancelled' });
    expect((await takeOne(store)).record.task.id).toBe('p');
  });

  it('refuses to take a breakdown back once a step has started', async () => {
    const { store } = await bench();
    await expanded(store, step(1), step(2));
    await takeOne(store);
    await expect(store.decide('p', { kind: 'collapse' }, 'person')).rejects.toThrow(/p_1 started already/);
  });
}
