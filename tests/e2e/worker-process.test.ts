import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeApi, fakeApi, obligingApi, problem, TestWorld } from './worker-kit.ts';

let world: TestWorld;
let api: FakeApi;
beforeEach(async () => {
  world = await TestWorld.open();
  api = await fakeApi();
  world.onClose(() => api.close());
});
afterEach(() => world.close());

const run = (...more: string[]) => world.cli(['run', ...more], { VIVARIUM_API_PORT: String(api.port) });
const locks = () => readdir(world.paths.taskLocks).catch(() => []);

describe('a worker process', () => {
  it('hands its task on when it is killed: the next one goes on at the checkpoint and buys nothing twice', async () => {
    api.handle((call) => (call.body.purpose === 'critic' ? { hang: true } : obligingApi(call)));
    await world.add({ id: 't1', prompt: 'Hello' });
    const first = run();
    await api.waitForCalls(2);
    first.child.kill('SIGKILL');
    await first.ended;
    api.handle(obligingApi);
    const began = performance.now();
    const second = run('--until-idle');
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(performance.now() - began).toBeLessThan(25_000);
    expect(await world.record('t1')).toMatchObject({ status: 'approved', attempt: 1, epoch: 2 });
    expect(api.bought('t1')).toHaveLength(1);
    expect(await locks()).toEqual([]);
  });

  it('releases on SIGTERM within four seconds and leaves no lock', async () => {
    api.handle(() => ({ hang: true }));
    await world.add({ id: 't1', prompt: 'Hello' });
    const worker = run();
    await api.waitForCalls(1);
    const began = performance.now();
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 143 });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(await locks()).toEqual([]);
    expect(await world.record('t1')).toMatchObject({ status: 'queued', attempt: 1 });
  });

  it('lets short work finish on SIGTERM', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    api.handle(async (call) => {
      await gate;
      return obligingApi(call);
    });
    await world.add({ id: 't1', prompt: 'Hello' });
    const worker = run();
    await api.waitForCalls(1);
    worker.child.kill('SIGTERM');
    release();
    await worker.ended;
    expect((await world.record('t1')).status).toBe('approved');
  });

  it('ends at once on a second signal', async () => {
    api.handle(() => ({ hang: true }));
    await world.add({ id: 't1', prompt: 'Hello' });
    const worker = run();
    await api.waitForCalls(1);
    worker.child.kill('SIGINT');
    await world.lines('execution_log.jsonl');
    worker.child.kill('SIGINT');
    expect((await worker.ended).code).toBe(130);
  });

  it('shares a queue with others: every task is bought once', async () => {
    await world.add(...Array.from({ length: 40 }, (_, index) => ({ id: `t${index}`, prompt: 'Hello' })));
    const workers = [run('--until-idle'), run('--until-idle'), run('--until-idle')];
    for (const worker of workers) expect((await worker.ended).code).toBe(0);
    for (let index = 0; index < 40; index += 1) expect(api.bought(`t${index}`)).toHaveLength(1);
    expect(await world.store((store) => store.counts().approved)).toBe(40);
  });

  it('says in its log what became of its tasks: one line for each event that is no success, with level and reason', async () => {
    api.handle((call) => {
      if (call.body.task_id === 'poor') return problem(402, 'VIV_BUDGET_EXCEEDED', { disposition: 'hold_for_person' });
      if (call.body.task_id === 'wrong') return problem(403, 'VIV_MODEL_NOT_ALLOWED', { disposition: 'fail' });
      return obligingApi(call);
    });
    const names = ['well', 'poor', 'wrong'].map((id) => ({ id, prompt: 'Hello' }));
    await world.add(...names, { id: 'nobody', prompt: 'Hello', identity_id: 'nobody_here' });
    const env = { VIVARIUM_API_PORT: String(api.port), VIVARIUM_LOG_LEVEL: 'warn' };
    const { stderr } = await world.cli(['run', '--until-idle'], env).ended;
    const lines = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    const told = lines.filter(({ msg }) => /^task_/.test(msg)).map(({ msg, level, status }) => [msg, level, status]);
    expect(told.sort()).toEqual([
      ['task_failed: wrong', 'warn', 'failed'],
      ['task_held: nobody', 'warn', 'queued'],
      ['task_held: poor', 'warn', 'queued'],
    ]);
    const events = await world.lines('execution_log.jsonl');
    for (const { msg, task_id, reason } of lines.filter(({ msg }) => /^task_/.test(msg))) {
      const event = events.find((one) => one['task_id'] === task_id && msg === `${one['event']}: ${task_id}`);
      expect(JSON.stringify(event)).toContain(JSON.stringify(reason).slice(1, -1));
    }
  });

  it('refuses an API on another machine and says what to write instead', async () => {
    await world.cli(['add', 't1', 'Hello']).ended;
    const { writeFile } = await import('node:fs/promises');
    await writeFile(world.paths.queue, JSON.stringify({ api_endpoint: 'http://10.0.0.5:8420', tasks: [] }));
    const ended = await run('--until-idle').ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/loopback-only/);
    expect(ended.stderr).toMatch(/fix:/);
    expect(ended.stderr).not.toMatch(/ at .*\.ts:\d+/);
  });
});
