import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTaskStore, type TaskStore, workspacePaths } from '@vivarium/core';
import { aTask, FakeClock, FakeLiveness } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recallTasks } from './recall.ts';
import { Throughput } from './throughput.ts';

let folder: string;
let store: TaskStore;
const clock = new FakeClock('2026-03-01T12:00:00.000Z');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vivarium-recall-'));
  store = await openTaskStore({ backend: fileBackend(workspacePaths(folder), clock), liveness: new FakeLiveness() });
  await store.add(
    Array.from({ length: 500 }, (_, n) => aTask({ id: `t${n}` })),
    'test',
  );
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

it('counts every task once, also one that ends while the older ones are gone through', async () => {
  await store.decide('t1', { kind: 'cancel' }, 'test');
  const fresh = new Throughput();
  store.onEvent((event, record) => fresh.see(event, record));
  let turns = 0;
  const recall = recallTasks(
    store,
    (record, changed) => fresh.recall(record, changed),
    async () => {
      turns += 1;
      if (turns === 1) await store.decide('t0', { kind: 'cancel' }, 'test');
    },
  );
  expect(recall.done()).toBe(false);
  await recall.finished;
  expect(recall.done()).toBe(true);
  const noon = clock.now().getTime();
  expect(fresh.steps(noon, noon + 60_000, 60_000, 498)).toMatchObject([{ added: 500, failed: 2, open: 498 }]);
});

it('reads nothing more once it is stopped', async () => {
  const seen: string[] = [];
  const recall = recallTasks(store, (record) => seen.push(record.task.id));
  await recall.stop();
  expect(seen.length).toBeLessThan(500);
  expect(recall.done()).toBe(false);
});
