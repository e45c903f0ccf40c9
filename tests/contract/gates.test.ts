import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GateOrderError, type GateStore, openGates, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
const open: GateStore[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-gates-'));
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  await rm(root, { recursive: true, force: true });
});

async function gates(): Promise<GateStore> {
  const store = await openGates({ backend: fileBackend(workspacePaths(root)) });
  open.push(store);
  return store;
}
const submit = (store: GateStore, attempt = 1, ballot_id = `vote_${attempt}`) =>
  store.record({
    event: 'change_submitted',
    actor: 'runtime',
    change_id: 't1',
    attempt,
    title: 'Write it',
    description: 'Write it',
    author_id: 'ada',
    excerpt: 'It is written',
    ballot_id,
  });
const view = async () => JSON.parse(await readFile(workspacePaths(root).gatesView, 'utf8'));

describe('the store of the quality gates', () => {
  it('refuses a step out of order with a typed error that says what stands, and writes nothing', async () => {
    const store = await gates();
    const step = { event: 'qa_claimed', actor: 'ben', change_id: 't1', resident_id: 'ben' } as const;
    await expect(store.record(step)).rejects.toThrow(/there is no change t1/);
    await submit(store);
    const refused = await store.record(step).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(GateOrderError);
    expect(refused).toMatchObject({ code: 'VIV_GATE_ORDER', status: 409, data: { event: 'qa_claimed' } });
    expect(String(refused)).toContain('is pending_vote and cannot be claimed for QA before it is needs_qa');
    const lines = (await readFile(workspacePaths(root).gatesLog, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1);
  });

  it('lets one of several processes take a step, and all of them see the same', async () => {
    const [one, other] = [await gates(), await gates()];
    const both = await Promise.allSettled([submit(one, 1, 'vote_a'), submit(other, 1, 'vote_b')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    one.refresh();
    other.refresh();
    expect(one.change('t1')).toEqual(other.change('t1'));
    const votes = await Promise.all(
      [one, other].map((store) =>
        store.tryRecord({
          event: 'vote_cast',
          actor: 'ben',
          ballot_id: store.change('t1')?.ballot_id ?? '',
          vote: 'approved',
          reason: '',
        }),
      ),
    );
    expect(votes.filter(Boolean)).toHaveLength(1);
  });

  it('takes steps of one process that come at once', async () => {
    const store = await gates();
    const register = (resident_id: string) =>
      store.record({ event: 'resident_registered', actor: 'human', resident_id, specializations: ['qa'] });
    await Promise.all(['ada', 'ben', 'cyn'].map(register));
    expect((await gates()).state.residents.size).toBe(3);
  });

  it('publishes the documented view, which may be lost without loss', async () => {
    await submit(await gates());
    await open.splice(0)[0]?.close();
    const first = await view();
    expect(Object.keys(first)).toEqual([
      'version',
      'created_at',
      'updated_at',
      'changes',
      'residents',
      'test_submissions',
      'integration_tasks',
      'integration_batches',
      'votes',
      'vote_outbox',
    ]);
    expect(first.changes.t1).toMatchObject({ status: 'pending_vote', blind_vote: { ballot_id: 'vote_1', status: 'pending' } });
    await writeFile(workspacePaths(root).gatesView, 'not json');
    const store = await gates();
    await store.record({ event: 'vote_cast', actor: 'ben', ballot_id: 'vote_1', vote: 'approved', reason: 'good' });
    await open.splice(0)[0]?.close();
    expect((await view()).votes.vote_1.votes).toBe(1);
  });
});
