import { describe, expect, it } from 'vitest';
import { InvalidInputError, LeaseLostError, TaskConflictError, TaskNotFoundError } from '../../errors/index.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { anOutcome, aReview, aTask, FakeLiveness } from '../builders.ts';
import { FakeClock } from '../clock.ts';
import { describeSteps } from './task-steps.contract.ts';
import { approve, type Bench, type StoreBench, take, takeOne } from './task-store.bench.ts';

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
    await expect(store.add(circle, 'p')).rejects.toThrow(/tasks\[0\]\.depends_on: dependency cycle: a -> /);
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
