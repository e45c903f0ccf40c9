import { expect, it } from 'vitest';
import type { Task } from '../../contract/task.ts';
import { LeaseLostError } from '../../errors/index.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { aTask } from '../builders.ts';
import { approve, type Bench, take, takeOne } from './task-store.bench.ts';

/** What a store promises of a task that is several. Part of `describeTaskStore`. */
export function describeSteps(bench: Bench) {
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
