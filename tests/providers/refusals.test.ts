import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROVIDER_TEST } from '@vivarium/core';
import { afterEach, describe, expect, it } from 'vitest';
import { anApi } from '../e2e/api-kit.ts';
import { TestWorld } from '../e2e/worker-kit.ts';
import { type Asked, aProvider, json, list, reply } from './shapes.ts';

type Api = Awaited<ReturnType<typeof anApi>>;
type Chat = (asked: Asked, res: ServerResponse, req: IncomingMessage) => void;

const APPROVAL = JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });
const isCritic = ({ body }: Asked): boolean => JSON.stringify(body['messages']).includes('You review work you did not do');
const good: Chat = (asked, res) => json(res, 200, reply(isCritic(asked) ? APPROVAL : 'Pebbles are round and lie on the shore.'));
const error =
  (status: number, message: string, more: object = {}) =>
  (res: ServerResponse) =>
    json(res, status, { error: { message, ...more } });

let world: TestWorld;
afterEach(() => world.close());

/** API and one worker over a provider whose manners a test changes. */
async function start(first: Chat) {
  const manners = { chat: first };
  const provider = await aProvider({ models: () => list('m1'), chat: (...about) => manners.chat(...about) });
  const env = { VIVARIUM_PROVIDER: 'auto', OPENAI_BASE_URL: `${provider.url}/v1` };
  world = await TestWorld.open(env);
  let api: Api = await anApi(env, world.root);
  world.onClose(() => api.close());
  await world.work(api, { untilIdle: false });
  return {
    provider,
    manners,
    api: () => api,
    status: async () => (await api.status()).provider,
    async restart() {
      const { port } = api;
      await api.close();
      api = await anApi(env, world.root, port);
    },
  };
}

const add = (...ids: string[]) => world.add(...ids.map((id) => ({ id, prompt: `Write two sentences about ${id}` })));
const held = (id: string) => world.said(`"task_id":"${id}"`).then(() => world.said('"event":"task_held"'));
const decide = (id: string, kind: 'retry') => world.store((store) => store.decide(id, { kind }, 'person:test'));

describe('a refusal', () => {
  const refusals: [string, (res: ServerResponse) => void, RegExp][] = [
    ['of the key', error(401, 'Incorrect API key provided'), /valid key/],
    ['of what the key may', error(403, 'permission denied'), /valid key/],
    ['for want of money', error(402, 'payment required'), /account/],
    [
      'of an empty account, told as a rate limit',
      error(429, 'the account has no credit left', { code: 'insufficient_quota' }),
      /account/,
    ],
    ['of the model', error(404, 'The model does not exist', { code: 'model_not_found' }), /another model/],
  ];
  it.each(refusals)('%s holds what meets it with what to do, and a retry asks anew for all', async (_what, refuse, advice) => {
    const { provider, manners, status } = await start((_asked, res) => refuse(res));
    await add('a', 'b');
    await Promise.all([held('a'), held('b')]);
    const record = await world.record('a');
    expect(record).toMatchObject({ attempt: 1, failures: 0, hold: { kind: 'provider', until: expect.any(String) } });
    expect(record.hold?.reason).toMatch(advice);
    expect(record.hold?.reason).not.toMatch(/[{}]/);
    expect(provider.chats.length).toBeLessThanOrEqual(3);
    expect((await status()).circuit).toMatchObject({ state: 'refused', because: expect.any(String), until: expect.any(String) });
    manners.chat = good;
    await decide('a', 'retry');
    expect((await world.until('a', 'approved')).failures).toBe(0);
    await world.until('b', 'approved');
    expect((await status()).circuit).toEqual({ state: 'closed' });
  });

  it('is asked anew when a person tests the provider, and everything goes on', async () => {
    const { manners, api } = await start((_asked, res) => error(401, 'bad key')(res));
    await add('a');
    await held('a');
    manners.chat = good;
    expect((await api().cycle(PROVIDER_TEST)).status).toBe(200);
    await world.until('a', 'approved');
  });

  it('that a former API met is asked anew by the next one, with its old holds', async () => {
    const { manners, restart } = await start((_asked, res) => error(401, 'bad key')(res));
    await add('a');
    await held('a');
    manners.chat = good;
    await restart();
    await world.until('a', 'approved');
  });

  it('of the critic alone leaves the verdict to a person, and to the critic again once it is back', async () => {
    let refusing = true;
    const { manners, api } = await start((asked, res) =>
      refusing && isCritic(asked) ? error(402, 'payment required')(res) : good(asked, res, undefined as never),
    );
    await add('a');
    await held('a');
    expect(await world.record('a')).toMatchObject({
      status: 'pending_review',
      hold: { kind: 'review', until: expect.any(String) },
    });
    refusing = false;
    manners.chat = good;
    await api().cycle(PROVIDER_TEST);
    expect(await world.until('a', 'approved')).toMatchObject({ attempt: 1, review: { by: 'critic' } });
  });
});

describe('an outage', () => {
  it('costs no task anything, is named where people look, and ends by itself', async () => {
    let away = true;
    const { status, provider } = await start((asked, res, req) => (away ? error(503, 'overloaded')(res) : good(asked, res, req)));
    await add('a', 'b', 'c', 'd');
    await world.said('"event":"task_requeued"');
    const { circuit, state, detail } = await status();
    expect([state, circuit]).toMatchObject([
      'backing_off',
      { state: 'backing_off', because: expect.stringContaining('overloaded') },
    ]);
    expect(detail).toMatch(/backing off until .*Z because overloaded/);
    const waits = await world.store((store) => ['a', 'b', 'c', 'd'].map((id) => store.explain(id, circuit)));
    expect(waits.every(({ mover }) => mover.kind === 'timer' || mover.kind === 'lease')).toBe(true);
    expect(waits.every(({ because }) => because.includes('overloaded'))).toBe(true);
    away = false;
    for (const id of ['a', 'b', 'c', 'd'])
      expect(await world.until(id, 'approved', 'failed')).toMatchObject({ status: 'approved', attempt: 1, failures: 0 });
    expect(provider.chats.length).toBeLessThanOrEqual(8 + 8);
  });
});
