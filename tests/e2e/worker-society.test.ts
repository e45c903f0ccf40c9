import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiHandler, done, type FakeApi, fakeApi, obligingApi, TestWorld } from './worker-kit.ts';

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
