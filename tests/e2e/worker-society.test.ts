import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asOwner, asResident, asRuntime, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { type ApiHandler, done, type FakeApi, fakeApi, obligingApi, problem, TestWorld, verdict } from './worker-kit.ts';

let world: TestWorld;
let api: FakeApi;
beforeEach(async () => {
  world = await TestWorld.open();
  mkdirSync(world.paths.identities, { recursive: true });
  for (const id of ['ada', 'ben']) writeFileSync(join(world.paths.identities, `${id}.json`), JSON.stringify({ id, name: id }));
  api = await fakeApi();
  world.onClose(() => api.close());
});
afterEach(() => world.close());

/** These residents decline; everybody else does the work. */
const unwilling =
  (...ids: string[]): ApiHandler =>
  (call) => {
    const identity_id = String(call.body['identity_id']);
    if (call.body.purpose === 'critic' || !ids.includes(identity_id)) return obligingApi(call);
    return done('', { status: 'failed', declined: { identity_id, reason: 'Not my\nkind of work' } });
  };
const askedOf = (taskId: string) => api.bought(taskId).map(({ body }) => body['identity_id']);

describe('a task that a resident declines', () => {
  it('goes to another one, who is the author; nothing is counted against it', async () => {
    let first: string | undefined;
    api.handle((call) => {
      first ??= String(call.body['identity_id']);
      return unwilling(first)(call);
    });
    await world.add({ id: 't1', prompt: 'Say hello' });
    await (await world.work(api)).ended;
    const other = first === 'ada' ? 'ben' : 'ada';
    expect(askedOf('t1')).toEqual([first, other]);
    const events = await world.store((store) => store.history('t1'));
    expect(events.find(({ event }) => event === 'task_released')).toMatchObject({
      reason: `Declined by ${first}: Not my kind of work`,
    });
    expect(events.at(-1)).toMatchObject({ status: 'approved', attempt: 1, phase5_reward_identity: other });
    expect(await world.record('t1')).toMatchObject({ attempt: 1, failures: 0, takeovers: 0, reasons: [] });
  });

  it('is for a person once everybody declined, and is offered again on retry', async () => {
    api.handle(unwilling('ada', 'ben'));
    await world.add({ id: 't1', prompt: 'Say hello' });
    await (await world.work(api)).ended;
    expect(askedOf('t1').sort()).toEqual(['ada', 'ben']);
    const { hold } = await world.record('t1');
    expect(hold).toMatchObject({ kind: 'clarify', action: 'pnpm worker retry t1' });
    for (const said of ['ada', 'ben', 'Not my kind of work']) expect(hold?.reason).toContain(said);
    api.handle(obligingApi);
    await world.store((store) => store.decide('t1', { kind: 'retry' }, 'person'));
    await (await world.work(api)).ended;
    expect((await world.record('t1')).status).toBe('approved');
  });

  it('is for a person at once when it is pinned to who declined', async () => {
    api.handle(unwilling('ada'));
    await world.add({ id: 't1', prompt: 'Say hello', identity_id: 'ada' });
    await (await world.work(api)).ended;
    expect(askedOf('t1')).toEqual(['ada']);
    expect((await world.record('t1')).hold?.reason).toContain('ada');
  });
});

describe('a resident whose task is judged', () => {
  /** What the society knows of Ada when the worker has ended. */
  const ofAda = async () => {
    const society = await openSociety({ backend: fileBackend(world.paths) });
    const memories = society.memories('ada', 'hello', 10);
    const person = society.profile('ada')?.person;
    await society.close();
    return { memories, person };
  };
  const task = { id: 't1', prompt: 'Say hello', identity_id: 'ada' };

  it('keeps one true memory of approved work, counts it, and has slept and woken once', async () => {
    let reviews = 0;
    api.handle((call) =>
      call.body.purpose === 'critic' && ++reviews === 1 ? verdict('REJECT', ['The name is missing']) : obligingApi(call),
    );
    await world.add(task);
    await (await world.work(api, {}, { RESIDENT_DAY_SECONDS: '86400' })).ended;
    await rm(join(world.root, '.swarm', 'approvals_followed.json'));
    await (await world.work(api, {}, { RESIDENT_DAY_SECONDS: '86400' })).ended;
    const { memories, person } = await ofAda();
    expect(memories).toMatchObject([
      { about: 'Say hello', provenance: { source: 'verified', task_id: 't1', outcome: 'worked' } },
    ]);
    expect(memories[0]?.content).toBe(
      'Task t1, "Say hello": my work was approved by the critic after 2 attempts. Objections: The name is missing',
    );
    expect(person).toMatchObject({ tasks_completed: 1, tasks_failed: 0, trust: 51, sessions: 1, days: 1, awake: undefined });
  });

  it('keeps what was not accepted as a failure', async () => {
    api.handle((call) => (call.body.purpose === 'critic' ? verdict('REJECT', ['Too short']) : obligingApi(call)));
    await world.add(task);
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' })).ended;
    const { memories, person } = await ofAda();
    expect(memories).toMatchObject([{ provenance: { task_id: 't1', outcome: 'failed' } }]);
    expect(memories[0]?.content).toContain('not accepted at the first attempt. Objections: Too short');
    expect(person).toMatchObject({ tasks_completed: 0, tasks_failed: 1, trust: 45 });
  });

  it('trusts a memory less that led to work which was not accepted, once, and not one that warned of it', async () => {
    const society = await openSociety({ backend: fileBackend(world.paths) });
    const led = await society.act(asResident('ada'), 'remember', { content: 'A hello is best said in one word' });
    const other = await society.act(asResident('ada'), 'remember', { content: 'Moss likes shade' });
    const lesson = { identity_id: 'ada', task_id: 't0', content: 'My hello was too short', outcome: 'failed' };
    const warned = await society.ask(asRuntime, 'learn', lesson);
    await society.close();
    const idOf = (answer: object) => (answer as { memory_id: string }).memory_id;
    api.handle((call) =>
      call.body.purpose === 'critic' ? verdict('REJECT', ['Too short']) : done('Hi', { memories: [idOf(led), idOf(warned)] }),
    );
    await world.add(task);
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' })).ended;
    await rm(join(world.root, '.swarm', 'approvals_followed.json'));
    await (await world.work(api)).ended;
    const weights = new Map((await ofAda()).memories.map(({ id, weight }) => [id, weight]));
    expect([led, other, warned].map((memory) => weights.get(idOf(memory)))).toEqual([0.4, 0.8, 1]);
  });

  it('gets what was promised for its task once it is approved; of a cancelled one it goes back', async () => {
    const promise = (id: string) => [...['add', id, 'Say hello', '--identity', 'ada'], ...['--tip', '10', '--promise', '30']];
    const lines = [promise('t1'), promise('t2'), promise('t1'), ['cancel', 't2'], ['add', 't3', 'Hi', '--promise', '5']];
    const told = await Promise.all(lines.map((args) => cliHere(world, args)));
    expect(told.map(({ code }) => code)).toEqual([0, 0, 2, 0, 2]);
    const tokens = async () => {
      const society = await openSociety({ backend: fileBackend(world.paths) });
      const held = (account: string) => society.world.tokens.balances.get(account) ?? 0;
      const { quests } = society.world.society;
      const found = [held('wallet:ada:free'), held('wallet:ada:journal'), held('escrow:quest:t1'), held('escrow:quest:t2')];
      await society.close();
      return { found, quests: [...quests.values()].map(({ task_id, status }) => `${task_id} ${status}`) };
    };
    expect(await tokens()).toEqual({ found: [14, 6, 30, 0], quests: ['t1 active', 't2 cancelled'] });
    await (await world.work(api)).ended;
    await (await world.work(api)).ended;
    const { grants } = (await world.json('.swarm/phase5_reward_ledger.json')) as {
      grants: Record<string, { tokens_awarded: number }>;
    };
    const paid = Object.values(grants).reduce((sum, { tokens_awarded }) => sum + tokens_awarded, 0);
    const { found, quests } = await tokens();
    expect(quests).toEqual(['t1 completed', 't2 cancelled']);
    expect([(found[0] ?? 0) + (found[1] ?? 0), found[2], found[3]]).toEqual([20 + 30 + paid, 0, 0]);
  });

  it('is not blamed for a model that is away, and keeps nothing of simulated work', async () => {
    api.handle((call) => {
      if (call.body.purpose === 'critic') return verdict('APPROVE');
      return call.body.task_id === 'sim' ? done('Hello', { simulated: true }) : problem(400, 'VIV_BAD_INPUT');
    });
    await world.add(task, { ...task, id: 'sim' });
    await (await world.work(api)).ended;
    expect((await world.record('t1')).status).toBe('failed');
    expect((await world.record('sim')).status).toBe('approved');
    const { memories, person } = await ofAda();
    expect(memories).toEqual([]);
    expect(person).toMatchObject({ tasks_completed: 0, tasks_failed: 0, trust: 50 });
  });
});

describe('a worker without tasks', () => {
  const settle = async () => {
    const society = await openSociety({ backend: fileBackend(world.paths) });
    await society.act(asOwner, 'tip', { identity_id: 'ada', amount: 20, reason: 'to begin with' });
    await society.close();
  };
  const leisure = { VIVARIUM_FREE_TIME_USD: '0.05', RESIDENT_DAY_SECONDS: '3600' };

  it('lets who has tokens have free time where that may cost something, does tasks first, and puts it on record', async () => {
    await settle();
    await world.add({ id: 't1', prompt: 'Say hello', identity_id: 'ben' });
    const worker = await world.work(api, { untilIdle: false }, leisure);
    await api.waitForCalls(4);
    const [first, second, ...free] = api.calls.map(({ body }) => body);
    expect([first?.purpose, second?.purpose]).toEqual(['task', 'critic']);
    // Both have tokens by now; who comes first is drawn anew each day.
    const theirs = ['ada', 'ben'].map((identity_id) => expect.objectContaining({ identity_id, max_budget: 0.01 }));
    expect(free).toEqual(expect.arrayContaining(theirs));
    const noted = () => world.lines('action_log.jsonl').then((lines) => lines.filter(({ action }) => action === 'free_time'));
    await expect
      .poll(noted, { timeout: 10_000 })
      .toContainEqual(expect.objectContaining({ actor: 'ada', metadata: expect.objectContaining({ free_time: true }) }));
    worker.stop();
    await worker.ended;
    const deeds = await world.lines('action_log.jsonl');
    for (const action of ['wake', 'sleep']) expect(deeds).toContainEqual(expect.objectContaining({ actor: 'runtime', action }));
  });

  it('waits while PAUSE stands, and then does tasks first', async () => {
    await settle();
    writeFileSync(world.paths.pause, '');
    const worker = await world.work(api, { untilIdle: false }, leisure);
    await world.add({ id: 'later', prompt: 'Say hello', identity_id: 'ben' });
    expect(api.calls).toEqual([]);
    await rm(world.paths.pause);
    await api.waitForCalls(3);
    expect(api.calls.map(({ body }) => body.purpose)).toEqual(['task', 'critic', 'free_time']);
    worker.stop();
  });
});
