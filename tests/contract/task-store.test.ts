import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTaskStore, type TaskStore, workspacePaths } from '@vivarium/core';
import { aReview, aTask, describeTaskStore, FakeClock, FakeLiveness, memoryBackend } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';

const folders: string[] = [];
const opened: TaskStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'viv-store-'));
  folders.push(folder);
  return workspacePaths(folder);
}

async function openOn(paths: ReturnType<typeof workspacePaths>, rotateBytes?: number) {
  const options = {
    backend: fileBackend(paths, new FakeClock()),
    liveness: new FakeLiveness(),
    ...(rotateBytes ? { rotateBytes } : {}),
  };
  const store = await openTaskStore(options);
  opened.push(store);
  return store;
}

describeTaskStore('memory', ({ clock, ...options }) => openTaskStore({ ...options, backend: memoryBackend(clock) }));
describeTaskStore('files', async ({ clock, ...options }) => {
  const store = await openTaskStore({ ...options, backend: fileBackend(workspace(), clock) });
  opened.push(store);
  return store;
});

describe('the file store across processes and restarts', () => {
  const lifeOf = async (store: TaskStore, id: string) => {
    await store.add([aTask({ id })], 'p');
    const [claim] = await store.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
    if (claim) await store.record(claim.lease, { kind: 'approve', review: aReview() });
  };

  it('finds everything again after a restart, finished tasks from their one line', async () => {
    const paths = workspace();
    const first = await openOn(paths);
    await lifeOf(first, 'done');
    await first.add([aTask({ id: 'open' })], 'p');
    const before = [first.get('done'), first.get('open')];
    const second = await openOn(paths);
    expect([second.get('done'), second.get('open')]).toEqual(before);
  });

  it('finds finished tasks of which a snapshot alone tells', async () => {
    const paths = workspace();
    const first = await openOn(paths);
    for (let n = 0; n < 1_200; n++) await lifeOf(first, `t${n}`);
    await first.close();
    const second = await openOn(paths);
    expect(second.get('t7')?.status).toBe('approved');
  });

  it('shows one store what another wrote, in the same order', async () => {
    const paths = workspace();
    const [one, two] = [await openOn(paths), await openOn(paths)];
    await one.add([aTask({ id: 'a' })], 'p');
    const claims = await two.claim({ worker_id: 'w2', limit: 1, assign: () => ({}) });
    expect(claims).toHaveLength(1);
    expect(await one.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) })).toEqual([]);
    expect(one.get('a')?.lease?.worker_id).toBe('w2');
  });

  it('finds a breakdown and its finished steps again, and adds no step when its line was cut off', async () => {
    const paths = workspace();
    const first = await openOn(paths);
    await first.add([aTask({ id: 'p' })], 'p');
    const [claim] = await first.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
    const children = [1, 2].map((n) => aTask({ id: `p_${n}`, parent_task_id: 'p' }));
    await first.record(claim!.lease, { kind: 'expand', children, reason: 'two parts' });
    const whole = readFileSync(paths.executionLog);
    const [step] = await first.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
    await first.record(step!.lease, { kind: 'approve', review: aReview() });
    const again = await openOn(paths);
    for (const id of ['p', 'p_1', 'p_2']) expect(again.get(id)).toEqual(first.get(id));
    expect(again.history('p_1')).toEqual(first.history('p_1'));
    const torn = workspace();
    writeFileSync(torn.executionLog, whole.subarray(0, whole.length - 5));
    const after = await openOn(torn);
    expect([after.get('p')?.status, after.get('p_1'), after.get('p_2')]).toEqual(['in_progress', undefined, undefined]);
  });

  it('rotates segments while two stores write, and loses nothing', async () => {
    const paths = workspace();
    const [one, two] = [await openOn(paths, 4000), await openOn(paths, 4000)];
    for (let n = 0; n < 40; n++) await lifeOf(n % 2 ? one : two, `t${n}`);
    const third = await openOn(paths, 4000);
    expect(third.counts()).toMatchObject({ approved: 40, total: 40 });
    expect(third.history('t0')).toHaveLength(3);
  });
});
