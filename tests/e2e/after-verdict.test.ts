/** What follows a person's verdict: the same at every door, whether a worker runs or not, and once. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asOwner } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../packages/worker/src/loop/run-worker.ts';
import { cliHere } from './cli-here.ts';
import { aTaskNamed, holdForReview, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
beforeEach(async () => {
  panel = await testPanel();
  mkdirSync(panel.world.paths.identities, { recursive: true });
  for (const id of ['wren', 'moss'])
    writeFileSync(join(panel.world.paths.identities, `${id}.json`), JSON.stringify({ id, name: `Name of ${id}` }));
});
afterEach(() => panel.remove());

/** A task that a resident did, with a promise of 30 tokens on it. */
async function heldTask(id: string): Promise<void> {
  const { store, society } = panel.world;
  await store.add([aTaskNamed(id, { identity_id: 'wren', max_budget: 0.1 })], 'test');
  await society.act(asOwner, 'create_quest', { task_id: id, identity_id: 'wren', upfront_tip: 0, completion_reward: 30 });
  await holdForReview(panel.world, id);
}

const ledger = () =>
  readFileSync(panel.world.paths.tokenLedger, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
/** What the ledger says of one task after its promise. */
const booked = (id: string): string[] =>
  ledger()
    .filter(({ key, kind, data }) => kind !== 'quest_created' && (String(key).includes(id) || data?.task_id === id))
    .map(({ kind, data }) => (kind === 'quest_ended' ? `quest_${data.status}` : kind))
    .sort();
const said = (): string[] => {
  const room = join(panel.world.paths.swarm, 'discussions/town_hall.jsonl');
  return readFileSync(room, 'utf8')
    .split('\n')
    .filter((line) => line.includes('is approved'));
};

type Door = (verb: 'approve' | 'reject' | 'cancel', id: string) => Promise<unknown>;
const doors: [string, Door][] = [
  ['the panel', (verb, id) => write(panel, `/api/tasks/${id}/${verb}`, verb === 'reject' ? { reason: 'No good' } : {})],
  ['the panel, many at once', (verb, id) => write(panel, '/api/tasks/bulk', { verb, ids: [id], reason: 'No good' })],
  [
    'the command line',
    async (verb, id) => {
      await cliHere({ root: panel.workspace }, [verb, id, ...(verb === 'reject' ? ['--reason', 'No good'] : [])]);
      await panel.world.society.refresh();
    },
  ],
];

describe.each(doors)('a verdict from %s, with no worker there', (_door, decide) => {
  it('books the reward, keeps the promise, tells the room and is remembered, once', async () => {
    await heldTask('t1');
    await decide('approve', 't1');
    await decide('approve', 't1');
    expect(booked('t1')).toEqual(['quest_completed', 'remembered', 'task_outcome', 'under_budget_reward']);
    const wallet = panel.world.society.wallet('wren');
    expect((wallet?.tokens ?? 0) + (wallet?.journal_tokens ?? 0)).toBe(30 + 10);
    expect(said()).toHaveLength(1);
    const { tasks, completed } = JSON.parse(readFileSync(panel.world.paths.queue, 'utf8'));
    expect([tasks, completed.map(({ id }: { id: string }) => id)]).toEqual([[], ['t1']]);
  });

  it('takes the promise back when the task is cancelled, and pays nothing', async () => {
    await heldTask('t1');
    await decide('cancel', 't1');
    expect(booked('t1')).toEqual(['quest_cancelled']);
    expect(panel.world.society.world.tokens.balances.get('mint:quest')).toBe(0);
  });

  it('remembers work that was turned down for good, and pays nothing', async () => {
    await heldTask('t1');
    for (let attempt = 1; panel.world.store.get('t1')?.status !== 'failed'; attempt += 1) {
      if (attempt > 1) await holdForReview(panel.world, 't1');
      await decide('reject', 't1');
      panel.world.store.refresh();
      expect(attempt).toBeLessThan(10);
    }
    expect(booked('t1')).toEqual(['remembered', 'task_outcome']);
    expect(panel.world.society.wallet('wren')?.tokens ?? 0).toBe(0);
  });
});

describe.each(doors)('a verdict from %s, with a worker there', (_door, decide) => {
  const followed = ['quest_completed', 'remembered', 'task_outcome', 'under_budget_reward'];
  const start = () => startWorker(panel.world.config, { concurrency: 1, untilIdle: false });
  const stop = async (worker: RunningWorker) => {
    worker.stop();
    await worker.ended;
  };

  it('comes to the same while it runs', async () => {
    await heldTask('t1');
    const worker = await start();
    await decide('approve', 't1');
    const atOnce = booked('t1');
    await stop(worker);
    expect([atOnce, booked('t1')]).toEqual([followed, followed]);
    expect(said()).toHaveLength(1);
  });

  it('comes to nothing more when it starts later', async () => {
    await heldTask('t1');
    await decide('approve', 't1');
    await stop(await start());
    expect(booked('t1')).toEqual(followed);
    expect(said()).toHaveLength(1);
  });
});

it('follows a task that was taken out of queue.json', async () => {
  const { store, society, paths } = panel.world;
  await store.add([aTaskNamed('t1', { identity_id: 'wren' })], 'test');
  await society.act(asOwner, 'create_quest', { task_id: 't1', identity_id: 'wren', upfront_tip: 0, completion_reward: 30 });
  await cliHere({ root: panel.workspace }, ['list']);
  const view = JSON.parse(readFileSync(paths.queue, 'utf8'));
  writeFileSync(paths.queue, JSON.stringify({ ...view, tasks: [] }));
  await cliHere({ root: panel.workspace }, ['list']);
  expect(booked('t1')).toEqual(['quest_cancelled']);
});
