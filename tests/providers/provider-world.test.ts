import { setTimeout as delay } from 'node:timers/promises';
import type { TaskRecord } from '@vivarium/core';
import { expect, it } from 'vitest';
import { anApi } from '../e2e/api-kit.ts';
import { TestWorld } from '../e2e/worker-kit.ts';
import { type Met, troubledProvider } from './provider.ts';
import { TROUBLES, type Trouble } from './troubles.ts';

const FULL = process.env['VIVARIUM_FAULTS'] === 'full';
/** All kinds of trouble over sixty tasks, or a few of them; refusals are asked again slowly and are left to the long one. */
const SCALE = FULL
  ? { tasks: 60, kinds: TROUBLES.length, from: TROUBLES }
  : { tasks: 12, kinds: 8, from: TROUBLES.filter(({ refuses }) => !refuses) };
/** A trouble lasts so long after it was met, and no longer than this when nobody can meet it. */
const TROUBLE_MS = 600;
const UNMET_MS = 3_000;
const SEED = Number(process.env['VIVARIUM_FAULTS_SEED'] ?? 1);

/** The kinds in an order that a seed decides. */
function shuffled(kinds: readonly Trouble[], seed: number): Trouble[] {
  let state = seed >>> 0;
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const left = [...kinds];
  return kinds.flatMap(() => left.splice(Math.floor(next() * left.length), 1));
}

it(
  'brings every task through whatever ails the provider, with few calls, and every cent accounted for',
  async () => {
    const provider = await troubledProvider(50);
    const world = await TestWorld.open({ VIVARIUM_PROVIDER: 'groq', SWARM_BUDGET_LIMIT: '50' });
    const env = {
      GROQ_API_KEY: 'gsk_test_0123456789',
      GROQ_BASE_URL: `http://127.0.0.1:${provider.port}`,
      VIVARIUM_PROVIDER: 'groq',
      SWARM_RATE_LIMIT: '100000',
      SWARM_BUDGET_LIMIT: '50',
      VIVARIUM_MODEL_TIMEOUT: '1',
    };
    const api = await anApi(env, world.root);
    const workers = await Promise.all([1, 2, 3].map(() => world.work(api, { concurrency: 2, untilIdle: false })));
    try {
      const ids = Array.from({ length: SCALE.tasks }, (_, at) => `task-${at + 1}`);
      const add = async (upTo: number) => {
        for (const id of ids.slice(added, upTo))
          await world.add({ id, prompt: `Write two sentences about the pebbles of ${id}` });
        added = Math.max(added, upTo);
      };
      let added = 0;
      const order = shuffled(SCALE.from, SEED).slice(0, SCALE.kinds);
      for (const [at, kind] of order.entries()) {
        await provider.turn(kind);
        const met = provider.nextCall();
        await add(Math.ceil(((at + 1) * ids.length) / SCALE.kinds));
        await (kind.closed ? delay(UNMET_MS) : met);
        await delay(TROUBLE_MS);
        const answered = provider.nextCall();
        await provider.turn(undefined);
        await answered;
      }
      const records: TaskRecord[] = await Promise.all(ids.map((id) => world.until(id, 'approved', 'failed')));
      expect(records.filter(({ status }) => status !== 'approved').map(({ task, reasons }) => [task.id, reasons])).toEqual([]);
      expect(records.every(({ attempt, failures }) => attempt === 1 && failures === 0)).toBe(true);
      expect(mostOf(provider.met, ({ trouble, who }) => `${who} met ${trouble}`)).toBeLessThanOrEqual(3);
      expect(crowded(provider.met)).toEqual([]);
      const kinds = new Set(provider.met.flatMap(({ trouble }) => trouble ?? []));
      expect(kinds.size).toBe(order.filter(({ closed }) => !closed).length);
      const { spent_usd, reserved_usd } = (await api.status()).budget;
      const audited = api.audit().reduce((sum, { cost }) => sum + cost, 0);
      expect(reserved_usd).toBe(0);
      expect(audited).toBeCloseTo(spent_usd, 9);
      const words = `${provider.met.length} calls for ${ids.length} tasks, ${kinds.size} kinds of trouble met, $${spent_usd}`;
      if (FULL) process.stdout.write(`${words}\n`);
    } finally {
      for (const worker of workers) worker.stop();
      await Promise.all(workers.map(({ ended }) => ended));
      await api.close();
      await provider.close();
      await world.close();
    }
  },
  FULL ? 1_500_000 : 60_000,
);

/** The most calls that one who asked made into one kind of trouble. */
function mostOf(met: readonly Met[], keyOf: (call: Met) => string): number {
  const counts = new Map<string, number>();
  for (const call of met.filter(({ trouble }) => trouble !== undefined))
    counts.set(keyOf(call), (counts.get(keyOf(call)) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Calls that were under way when a trouble was met first may meet it too. */
const UNDER_WAY_MS = 150;
/** Nobody is asked again sooner: the first gap is half a second. */
const LEAST_GAP_MS = 400;

/** Troubles that one request meets for all: who is refused for the request's own sake is no word on the next one. */
const OF_ALL = new Set(TROUBLES.filter(({ ofRequest }) => !ofRequest).map(({ name }) => name));

/** Calls of one model into a trouble that was known by then, sooner after the one before than any gap. */
function crowded(met: readonly Met[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < met.length; ) {
    const { trouble } = met[at] as Met;
    const end = met.findIndex((call, index) => index > at && call.trouble !== trouble);
    const run = met.slice(at, end < 0 ? met.length : end);
    at += run.length;
    if (trouble === undefined || !OF_ALL.has(trouble)) continue;
    const known = Math.min(...run.map(({ ended }) => ended)) + UNDER_WAY_MS;
    const later = run.filter((call) => call.at > known);
    for (const [index, call] of later.entries()) {
      const former = later.slice(0, index).findLast(({ body }) => body['model'] === call.body['model']);
      if (former && call.at - former.at < LEAST_GAP_MS)
        found.push(`${call.who} asked ${Math.round(call.at - former.at)} ms after ${former.who}, into ${trouble}`);
    }
  }
  return found;
}
