/** Every status a row can have, every way to edit it: taken as asked, or refused by row, and the view shows what stands. */
import type { TaskStore } from '@vivarium/core';
import { Task } from '@vivarium/core';
import { anOutcome, aReview } from '@vivarium/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type QueueJson, QueueWorld } from './queue-file.kit.ts';

let world: QueueWorld;
let store: TaskStore;
let queue: Awaited<ReturnType<QueueWorld['process']>>['queue'];
beforeEach(async () => {
  world = new QueueWorld();
  ({ store, queue } = await world.process());
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
type List = 'tasks' | 'completed' | 'failed';

const claim = async () => {
  const [got] = await store.claim({ worker_id: 'w', limit: 1, assign: () => ({ resident_id: 'r' }) });
  if (!got) throw new Error('nothing could be claimed');
  return got.lease;
};
const held = { kind: 'review', reason: 'nobody could judge it', action: 'pnpm worker approve a' } as const;
const report = {
  timestamp: '2026-01-01T00:00:00Z',
  stage: 'worker',
  subject: 'x',
  subject_sha256: '0',
  passed: false,
  checks: [],
};

/** How a task comes to stand in a status, beginning as queued. */
const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  queued: async () => undefined,
  in_progress: claim,
  executed: async () => store.record(await claim(), { kind: 'record_execution', outcome: anOutcome() }),
  requeue: async () => store.record(await claim(), { kind: 'wait', reason: 'busy', delay_ms: 3_600_000 }),
  pending_review: async () => {
    const lease = await claim();
    await store.record(lease, { kind: 'record_execution', outcome: anOutcome() });
    await store.record(lease, { kind: 'hold', hold: held });
  },
  held: async () => store.record(await claim(), { kind: 'hold', hold: { ...held, kind: 'budget' } }),
  approved: async () => {
    const lease = await claim();
    await store.record(lease, { kind: 'record_execution', outcome: anOutcome() });
    await store.record(lease, { kind: 'approve', review: aReview() });
  },
  failed: async () => store.record(await claim(), { kind: 'fail', reason: 'no' }),
  safety_blocked: async () => store.record(await claim(), { kind: 'block', reason: 'forbidden', safety_report: report as never }),
  cancelled: async () => store.decide('a', { kind: 'cancel' }, 'test'),
};
const EDITABLE = new Set(['queued', 'requeue', 'held']);
const ENDED = new Set(['failed', 'safety_blocked', 'cancelled']);
const listOf = (way: string): List => (way === 'approved' ? 'completed' : ENDED.has(way) ? 'failed' : 'tasks');

/** What a person does to the row. `undefined` takes it out of its list. */
const EDITS: Readonly<Record<string, (row: Row) => Row | undefined>> = {
  prompt: (row) => ({ ...row, prompt: 'something else' }),
  'a new key': (row) => ({ ...row, max_budget: 0.9 }),
  'a bad value': (row) => ({ ...row, prompt: 7 }),
  'status pending': (row) => ({ ...row, status: 'pending' }),
  'status approved': (row) => ({ ...row, status: 'approved' }),
  'status nonsense': (row) => ({ ...row, status: 'banana' }),
  attempt: (row) => ({ ...row, attempt: 9 }),
  status_reason: (row) => ({ ...row, status_reason: 'because I say so' }),
  cost: (row) => ({ ...row, cost: 99 }),
  result_summary: (row) => ({ ...row, result_summary: 'all is well' }),
  removal: () => undefined,
};

/** What of the edit is a change at all: a running task has no cost, and a pending row may say that it is pending. */
const asksNothing = (way: string, edit: string): boolean =>
  (['queued', 'held'].includes(way) && edit === 'status pending') || (way === 'approved' && edit === 'status approved');

async function publishedRow(way: string): Promise<{ view: QueueJson; row: Row; list: List }> {
  await store.add([Task.parse({ id: 'a', prompt: 'do a' })], 'test');
  await WAYS[way]?.();
  await queue.sync();
  const view = world.json();
  const list = listOf(way);
  const [row] = view[list];
  return { view, row: row ?? {}, list };
}

/** The file shows what stands: another look changes nothing, and nothing is told twice. */
async function expectSettled(): Promise<void> {
  const [text, told] = [world.text(), world.refusals().length];
  await queue.sync();
  expect([world.text(), world.refusals().length]).toEqual([text, told]);
  const fresh = new QueueWorld(world.paths);
  await fresh.process();
  expect(fresh.json().tasks).toEqual(world.json().tasks);
  await fresh.close();
}

describe.each(Object.keys(WAYS))('a row that is %s', (way) => {
  it.each(Object.keys(EDITS))('is edited: %s', async (edit) => {
    const { view, row, list } = await publishedRow(way);
    const before = store.get('a');
    const events = store.history('a').length;
    const edited = EDITS[edit]?.(row);
    world.write({ ...view, [list]: edited ? [edited] : [] });
    await queue.sync();
    const after = store.get('a');
    const refusals = queue.findings();
    const asked = { prompt: 'something else', max_budget: 0.9 }[edit] ?? undefined;
    if (asksNothing(way, edit)) expect([refusals, store.history('a').length]).toEqual([[], events]);
    else if (EDITABLE.has(way) && edit === 'prompt') expect([after?.task.prompt, refusals]).toEqual(['something else', []]);
    else if (EDITABLE.has(way) && edit === 'a new key') expect([after?.task.max_budget, refusals]).toEqual([0.9, []]);
    else if (EDITABLE.has(way) && (edit === 'cost' || edit === 'result_summary'))
      expect(refusals).toEqual([]); // An open task has no such field: it is one of the person's own.
    else if (edit === 'removal' && EDITABLE.has(way)) expect(after?.status).toBe('cancelled');
    else if (ENDED.has(way) && edit === 'status pending') expect([after?.status, refusals]).toEqual(['queued', []]);
    else {
      expect(refusals.length, `${way} ${edit} ${String(asked)}`).toBeGreaterThan(0);
      for (const { line, message } of refusals) expect([line > 0, message.length > 10]).toEqual([true, true]);
      expect([after?.status, after?.task, store.history('a').length]).toEqual([before?.status, before?.task, events]);
      expect(JSON.stringify(refusals)).toContain('a');
    }
    if (after?.status === before?.status && after?.task === before?.task) expect(world.json()[list]).toEqual([row]);
    await expectSettled();
  });
});

describe('a failed row', () => {
  it('runs again with what the person corrected in it, and no attempt starts with what was there before', async () => {
    await store.add([Task.parse({ id: 'a', prompt: 'do a', model: 'wrong', title: 'kept' })], 'test');
    await WAYS['failed']?.();
    await queue.sync();
    const view = world.json();
    world.write({ ...view, failed: [{ ...view.failed[0], status: 'pending', model: 'right', prompt: 'do a well' }] });
    await queue.sync();
    expect(store.get('a')).toMatchObject({ status: 'queued', task: { model: 'right', prompt: 'do a well', title: 'kept' } });
    expect(
      store
        .history('a')
        .map(({ event }) => event)
        .slice(-2),
    ).toEqual(['task_retried', 'task_edited']);
    expect([world.json().failed, world.json().tasks.map(({ id }) => id)]).toEqual([[], ['a']]);
  });

  it.each([
    ['a bad budget', { max_budget: -1 }, 'max_budget'],
    ['an unknown dependency', { depends_on: ['nobody'] }, 'status'],
    ['another id', { id: 'b' }, 'id'],
  ])('stays as it is when it would run again with %s', async (_what, part, field) => {
    const { view, row } = await publishedRow('failed');
    world.write({ ...view, failed: [{ ...row, status: 'pending', ...part }] });
    await queue.sync();
    expect(store.get('a')?.status).toBe('failed');
    if (field !== 'id') expect(queue.findings()).toMatchObject([{ task_id: 'a', field }]);
    expect(world.json().failed).toContainEqual(row);
  });

  it('is refused without the revision, and when it changed meanwhile', async () => {
    const { view, row } = await publishedRow('failed');
    const { revision, ...timeless } = view;
    world.write({ ...timeless, failed: [{ ...row, status: 'pending' }] });
    await queue.sync();
    expect([store.get('a')?.status, queue.findings().length]).toEqual(['failed', 1]);
    await store.decide('a', { kind: 'retry' }, 'test');
    await WAYS['failed']?.();
    world.write({ ...view, revision, failed: [{ ...row, status: 'pending' }] });
    await queue.sync();
    expect([store.get('a')?.status, queue.findings().length]).toEqual(['failed', 1]);
  });
});

describe('a row that is moved', () => {
  it.each([
    ['queued', 'completed'],
    ['queued', 'failed'],
    ['in_progress', 'completed'],
    ['approved', 'failed'],
    ['failed', 'completed'],
    ['approved', 'tasks'],
    ['failed', 'tasks'],
  ] as const)('from %s to %s is refused, not cancelled', async (way, to) => {
    const { view, row, list } = await publishedRow(way);
    const status = store.get('a')?.status;
    world.write({ ...view, [list]: [], [to]: [row] });
    await queue.sync();
    expect([store.get('a')?.status, queue.findings()]).toEqual([status, [expect.objectContaining({ task_id: 'a' })]]);
    expect([world.json()[list], world.json()[to]]).toEqual([[row], []]);
    await expectSettled();
  });
});
