import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '@vivarium/changes';
import { createLogger, LINES, openAudit, openBudgetLedger, seeded, systemClock } from '@vivarium/core';
import { memoryBackend } from '@vivarium/core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { RateLimitedError } from '../errors/index.ts';
import { TokenBucket } from '../gate/circuits/token-bucket.ts';
import type { ChatCall } from '../gate/client/adapter.ts';
import { ModelGate } from '../gate/gate.ts';
import type { Providers } from '../gate/providers/providers.ts';
import { Steps } from '../residents/steps.ts';
import { askGate } from './ask-gate.ts';

const SEEDS = process.env['VIVARIUM_CHANGES'] === 'full' ? 1_000 : 40;
const EXECUTORS = 8;
const RUN_CAP_USD = 0.01;
const PRICE = { input: 1, output: 10 };

const root = mkdtempSync(join(tmpdir(), 'viv-cap-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Lets what is under way come a little further. */
async function turns(count: number): Promise<void> {
  for (let turn = count; turn > 0; turn--) await new Promise(setImmediate);
}

/** A gate with real money over a model that uses as many tokens as chance wants, of those it may. */
async function aGate(random: () => number, capUsd = RUN_CAP_USD) {
  const backend = memoryBackend();
  const budget = await openBudgetLedger({ backend, capUsd });
  const audit = openAudit(backend, LINES.apiAudit);
  const seen = { calls: 0, used_usd: 0, most_usd: 0, limits: [] as number[] };
  const look = () => {
    const { spent_usd, reserved_usd } = budget.state();
    seen.most_usd = Math.max(seen.most_usd, spent_usd + reserved_usd);
  };
  const complete = async ({ maxTokens, messages, signal }: ChatCall) => {
    seen.calls += 1;
    seen.limits.push(maxTokens);
    look();
    await turns(Math.floor(random() * 4));
    if (signal.aborted) throw signal.reason;
    const usage = {
      prompt_tokens: Math.floor(random() * messages.reduce((sum, one) => sum + one.content.length, 0)),
      completion_tokens: Math.floor(random() * (maxTokens + 1)),
    };
    seen.used_usd += (usage.prompt_tokens * PRICE.input + usage.completion_tokens * PRICE.output) / 1e6;
    return { text: 'yes', truncated: false, ...(random() < 0.9 ? { usage } : {}) };
  };
  const provider = {
    name: 'openai',
    client: { complete },
    offer: {},
    route: 'r',
    fingerprint: 'f',
    detail: 'd',
    limit: 'max_tokens',
  };
  const gate = new ModelGate({
    providers: { current: async () => provider, prove: () => undefined, lost: () => undefined } as unknown as Providers,
    routing: { route: async () => ({ id: 'm', price: PRICE, profile: { tools: true }, decision: { model: 'm' } }) as never },
    limit: new TokenBucket(1_000_000, systemClock),
    budget,
    audit,
    clock: systemClock,
    log: createLogger('api', { logLevel: 'silent', groq: {}, openai: {} }),
    onAlias: () => undefined,
    onDecision: () => undefined,
  });
  const steps = await Steps.open(backend);
  const lines = () =>
    audit
      .tail(10_000_000)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { event: string; purpose: string; task_id: string; identity_id: string; cost: number });
  return { gate, steps, budget, seen, lines, look };
}
type Gate = Awaited<ReturnType<typeof aGate>>;

let folders = 0;
async function aDoor({ gate, steps }: Gate, task_id: string, cap_usd: number, signal = new AbortController().signal) {
  const about = { purpose: 'task' as const, user: 'w1', task_id, identity_id: 'ada', prompt: 'mend it', attempt: 1 };
  const call = { ...about, messages: [], max_tokens: 16_384, temperature: 0, cap_usd };
  const whose = { call, key: `${task_id}#1`, onAnswer: () => undefined };
  const ask = askGate({ gate, steps, clock: systemClock }, whose);
  return openDoor({ folder: join(root, String(folders++)), ask, clock: systemClock, signal });
}
type Door = Awaited<ReturnType<typeof aDoor>>;

/** The status of an answer; 0 when the connection broke. */
function call(door: Door, content: string, more: object = {}, signal?: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${door.key}` };
    const where = { agent: false as const, socketPath: door.socket, path: '/v1/chat/completions', method: 'POST', headers };
    const sent = httpRequest({ ...where, ...(signal ? { signal } : {}) }, (reply) => {
      reply.resume().once('close', () => resolve(reply.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(JSON.stringify({ messages: [{ role: 'user', content }], ...more }));
  });
}

/** One executor: some calls, several at a time now and then, given up now and then, killed now and then. */
async function work(door: Door, random: () => number): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    const at_once = random() < 0.2 ? 4 : 1;
    const asked = Array.from({ length: at_once }, async (_, index) => {
      const stop = new AbortController();
      const given_up = random() < 0.15;
      const answered = call(door, `${turn}.${index} ${'x'.repeat(Math.floor(random() * 400))}`, limitOf(random), stop.signal);
      if (given_up) setImmediate(() => stop.abort());
      return answered;
    });
    if (random() < 0.1) void turns(Math.floor(random() * 40)).then(() => door.close());
    const told = await Promise.all(asked);
    if (told.includes(0) || told.includes(402)) break;
  }
  await door.close();
}

const limitOf = (random: () => number) => (random() < 0.3 ? {} : { max_tokens: Math.ceil(random() * 2_000_000) });

describe('the cap of eight executors at once', () => {
  it(`is passed by none of ${SEEDS} ways to use it, and every call has its line`, { timeout: 1_200_000 }, async () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seeded(`executors ${seed}`);
      const world = await aGate(random);
      const cap_usd = 0.0005 + random() * 0.004;
      const doors = await Promise.all(Array.from({ length: EXECUTORS }, (_, index) => aDoor(world, `t${index}`, cap_usd)));
      await Promise.all(doors.map((door) => work(door, random)));
      await world.gate.close();
      world.look();
      const lines = world.lines();
      for (const { event } of lines) met.add(event);
      const asked = lines.filter(({ event }) => event.startsWith('API_CALL_'));
      const aborted_before = asked.filter((line) => line.event === 'API_CALL_ABORTED' && line.cost === 0).length;
      expect([seed, asked.length - aborted_before]).toEqual([seed, world.seen.calls]);
      expect(lines.every(({ purpose, identity_id }) => purpose === 'executor' && identity_id === 'ada')).toBe(true);
      const { reserved_usd, spent_usd } = world.budget.state();
      expect([seed, reserved_usd]).toEqual([seed, 0]);
      expect(spent_usd).toBeGreaterThanOrEqual(world.seen.used_usd - 1e-9);
      expect(world.seen.most_usd).toBeLessThanOrEqual(RUN_CAP_USD + 1e-9);
      for (let index = 0; index < EXECUTORS; index++)
        expect(world.budget.spentOn(`t${index}`)).toBeLessThanOrEqual(cap_usd + 1e-9);
    }
    // Each way was met: answered, given up, and refused for the task's cap and for all of it.
    expect([...met].sort()).toEqual(['API_CALL_ABORTED', 'API_CALL_SUCCESS', 'BUDGET_EXCEEDED', 'TASK_BUDGET_EXCEEDED']);
  });

  it('is told as 402 before anything is asked, when it does not pay for one call', async () => {
    const world = await aGate(() => 0);
    const door = await aDoor(world, 't', 0);
    const began = performance.now();
    while (!door.over.aborted) expect(await call(door, 'hello')).toBe(402);
    expect([door.calls, world.seen.calls]).toEqual([6, 0]);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(world.lines().map(({ event }) => event)).toEqual(['TASK_BUDGET_EXCEEDED']);
    await door.close();
  });

  it('is none for what was bought before: a second run of the attempt is told it again', async () => {
    const world = await aGate(() => 0.5, 1);
    const first = await aDoor(world, 't', 1);
    for (const words of ['a', 'b', 'a']) expect(await call(first, words)).toBe(200);
    await first.close();
    const spent = world.budget.spentOn('t');
    expect(world.seen.calls).toBe(3);
    const second = await aDoor(world, 't', 1);
    for (const words of ['a', 'b', 'a']) expect(await call(second, words, { prompt_cache_key: 'another' })).toBe(200);
    expect([world.seen.calls, world.budget.spentOn('t')]).toEqual([3, spent]);
    expect(await call(second, 'a')).toBe(200);
    expect(world.seen.calls).toBe(4);
    await second.close();
  });

  it('lets no answer be longer than the task allows, whatever is asked for', async () => {
    const world = await aGate(() => 0, 1_000);
    const door = await aDoor(world, 't', 1_000);
    expect(await call(door, 'hello', { max_tokens: 1_000_000, model: 'the-dearest' })).toBe(200);
    expect(world.seen.limits).toEqual([16_384]);
    await door.close();
  });
});

/** Waiting is the gate's: what is busy for the moment never reaches the executor. */
describe('an executor whose call has to wait', () => {
  it('hears nothing of it but the answer', async () => {
    const world = await aGate(() => 0, 1);
    let busy = 2;
    const gate = {
      call: (...given: Parameters<ModelGate['call']>) =>
        busy-- > 0 ? Promise.reject(new RateLimitedError(60, 1)) : world.gate.call(...given),
    };
    const door = await aDoor({ ...world, gate: gate as never }, 't', 1);
    expect(await call(door, 'hello')).toBe(200);
    expect(busy).toBe(-1);
    await door.close();
  });
});
