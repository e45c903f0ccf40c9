import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileBudgetLedger, openBudgetLedger, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';

const SEEDS = 200;
const CALLS = 64;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function freshPaths() {
  const folder = mkdtempSync(join(tmpdir(), 'vivarium-budget-'));
  folders.push(folder);
  return workspacePaths(folder);
}
type Paths = ReturnType<typeof workspacePaths>;

/** A process that is dead already: whatever it leaves reserved is an orphan. */
const self = () => fileBackend(tmpdir()).presence.self();
const dead = () => ({ ...self(), pid: 2 ** 30, process_start: '1' });
const open = (paths: Paths, capUsd: number, more: Partial<Parameters<typeof openBudgetLedger>[0]> = {}) =>
  openBudgetLedger({ backend: fileBackend(paths), capUsd, ...more });

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The model: read the file line by line, believe nothing but the rule, and give the highest spent + reserved. */
function audit(paths: Paths): { peak: number; spent: number; cap: number; open: number } {
  const usd = (value: number) => Math.round(value * 1e9);
  const open = new Map<string, number>();
  const settled = new Set<string>();
  let [cap, spent, peak] = [0, 0, 0];
  for (const line of readFileSync(paths.budgetLedger, 'utf8').split('\n').filter(Boolean)) {
    const record = JSON.parse(line);
    const reserved = [...open.values()].reduce((sum, amount) => sum + amount, 0);
    if (record.kind === 'cap_set') cap = usd(record.cap_usd);
    if (record.kind === 'reserved' && !settled.has(record.call_id) && !open.has(record.call_id)) {
      const amount = Math.min(usd(record.amount_usd), cap - spent - reserved);
      if (amount >= usd(record.minimum_usd)) open.set(record.call_id, amount);
    }
    if (record.kind === 'settled' && open.delete(record.call_id)) {
      settled.add(record.call_id);
      spent += usd(record.cost_usd);
    }
    peak = Math.max(peak, spent + [...open.values()].reduce((sum, amount) => sum + amount, 0));
  }
  return { peak, spent, cap, open: open.size };
}

/** One API process of the simulation: it may be killed at any await, and then does nothing more. */
interface Actor {
  readonly ledger: FileBudgetLedger;
  alive: boolean;
  /** True costs of answers it stored before it could settle them. */
  readonly stored: Map<string, number>;
}

const nano = (usd: number) => Math.floor(usd * 1e9 + 1e-6) / 1e9;

const ticks = async (count: number) => {
  for (let n = 0; n < count; n++) await new Promise(setImmediate);
};

/** Reserve, wait like for a model, settle: with the usage, late, or in full because no usage came. */
async function oneCall(actor: Actor, id: string, random: () => number): Promise<'refused' | 'died' | 'settled'> {
  const [size, share, wait, delay] = [random(), random(), random(), random()];
  const request = { call_id: id, amount_usd: nano(0.0002 + size * 0.002), minimum_usd: 0.00005 };
  const answer = await actor.ledger.reserve(request).catch(() => undefined);
  if (!actor.alive || !answer) return 'died';
  if (!answer.granted) return 'refused';
  await ticks(Math.floor(wait * 4));
  if (!actor.alive) return 'died';
  const cost = nano(answer.amount_usd * (share > 0.9 ? 1 : share));
  actor.stored.set(id, cost);
  if (delay < 0.1) await ticks(5);
  if (!actor.alive) return 'died';
  await actor.ledger.settle(id, cost);
  return 'settled';
}

async function simulate(seed: number, paths: Paths): Promise<void> {
  const random = mulberry32(seed);
  const cap = nano(0.005 + random() * 0.03);
  const graveyard = new Set<number>();
  const stored = new Map<string, number>();
  const fateOf = ({ pid }: { pid: number }) => (graveyard.has(pid) ? 'dead' : 'alive');
  const start = async (pid: number): Promise<Actor> => {
    const ledger = await open(paths, cap, { owner: { ...self(), pid }, fateOf });
    await ledger.recover(stored);
    return { ledger, alive: true, stored };
  };
  const steady = await start(1);
  const calls: Promise<unknown>[] = [];
  for (let pid = 2; pid <= 4; pid++) {
    const mortal = await start(pid);
    for (let n = 0; n < CALLS / 2; n++)
      for (const actor of [steady, mortal])
        calls.push(oneCall(actor, `${actor === steady ? 'steady' : 'mortal'}${pid}.${n}`, random));
    await ticks(Math.floor(random() * 12));
    mortal.alive = false;
    graveyard.add(pid);
    await mortal.ledger.close();
  }
  await Promise.all(calls);
  await steady.ledger.recover(stored);
  // What is left must still be usable, to within the least a call needs.
  for (let n = 0; (await oneCall(steady, `more${n}`, random)) !== 'refused'; n++);
  const seen = audit(paths);
  expect(seen.peak, `seed ${seed}`).toBeLessThanOrEqual(seen.cap);
  expect(seen.spent / seen.cap, `seed ${seed}`).toBeGreaterThanOrEqual(0.95);
  expect({ spent: Math.round(steady.ledger.state().spent_usd * 1e9), open: seen.open }).toEqual({ spent: seen.spent, open: 0 });
  await steady.ledger.close();
}

describe('the budget ledger', () => {
  it(`never passes its cap, uses nearly all of it and starves nobody (${SEEDS} seeds)`, { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const paths = freshPaths();
      await simulate(seed, paths);
      rmSync(paths.root, { recursive: true, force: true });
    }
  });

  it('serves waiters in order of arrival', async () => {
    const ledger = await open(freshPaths(), 1);
    await ledger.reserve({ call_id: 'first', amount_usd: 0.9, minimum_usd: 0.9 });
    const order: string[] = [];
    const waiting = ['big', 'small', 'tiny'].map(async (call_id, index) => {
      const amount = [0.8, 0.05, 0.01][index] ?? 0;
      await ledger.reserve({ call_id, amount_usd: amount, minimum_usd: amount });
      order.push(call_id);
    });
    await ledger.settle('first', 0.01);
    await Promise.all(waiting);
    expect(order).toEqual(['big', 'small', 'tiny']);
    await ledger.close();
  });

  it('gives beyond what is enough at most half of what is free, so that calls side by side need not wait', async () => {
    const ledger = await open(freshPaths(), 0.01);
    const ask = (call_id: string, more: object = {}) =>
      ledger.reserve({ call_id, amount_usd: 0.005, enough_usd: 0.001, minimum_usd: 0.0001, ...more });
    const granted = [];
    for (const id of ['a', 'b', 'c', 'd']) granted.push(await ask(id));
    expect(granted.map((answer) => answer.granted && answer.amount_usd)).toEqual([0.005, 0.0025, 0.00125, 0.001]);
    let waited = false;
    const fifth = ask('e').then((answer) => [waited, answer.granted && answer.amount_usd]);
    waited = true;
    await ledger.settle('a', 0.0001);
    expect(await fifth).toEqual([true, 0.002575]);
    await ledger.close();
  });

  it('holds nobody up for a task that waits for its own budget', async () => {
    const ledger = await open(freshPaths(), 1);
    const task = { task_id: 't', task_cap_usd: 0.1, amount_usd: 0.1, minimum_usd: 0.1 };
    await ledger.reserve({ call_id: 'a', ...task });
    const behind = ledger.reserve({ call_id: 'b', ...task });
    expect(await ledger.reserve({ call_id: 'c', amount_usd: 0.5, minimum_usd: 0.5 })).toMatchObject({ granted: true });
    await ledger.settle('a', 0.1);
    expect(await behind).toMatchObject({ granted: false, level: 'task', left_usd: 0 });
    await ledger.close();
  });

  it('keeps the reservation of a process that died until it is settled, at the known cost or in full', async () => {
    const paths = freshPaths();
    const gone = await open(paths, 1, { owner: dead() });
    await gone.reserve({ call_id: 'known', task_id: 't', amount_usd: 0.3, minimum_usd: 0.3 });
    await gone.reserve({ call_id: 'lost', task_id: 't', amount_usd: 0.2, minimum_usd: 0.2 });
    const next = await open(paths, 1);
    expect(next.state()).toMatchObject({ spent_usd: 0, reserved_usd: 0.5 });
    expect(await next.recover(new Map([['known', 0.1]]))).toBe(2);
    expect(next.state()).toMatchObject({ spent_usd: 0.3, reserved_usd: 0 });
    expect(next.spentOn('t')).toBe(0.3);
    await Promise.all([gone.close(), next.close()]);
  });

  it('keeps the reservation of a process in a container until its answer is stored or no call could last so long', async () => {
    const paths = freshPaths();
    const elsewhere = await open(paths, 1, { owner: { ...dead(), pid_ns: 'pid:[1]' } });
    for (const call_id of ['stored', 'running']) await elsewhere.reserve({ call_id, amount_usd: 0.3, minimum_usd: 0.3 });
    let now = Date.now() + 7_100_000;
    const next = await open(paths, 1, {
      backend: fileBackend(paths, { now: () => new Date(now), monotonicMs: () => now }),
    });
    expect(await next.recover(new Map([['stored', 0.1]]))).toBe(1);
    expect(next.state()).toMatchObject({ spent_usd: 0.1, reserved_usd: 0.3 });
    now += 200_000;
    expect(await next.recover(new Map())).toBe(1);
    expect(next.state()).toMatchObject({ spent_usd: 0.4, reserved_usd: 0 });
    await Promise.all([elsewhere.close(), next.close()]);
  });

  it('lets no call of a dead process go without its line in the audit, whether it is settled, buried or reset', async () => {
    const paths = freshPaths();
    const gone = await open(paths, 1, { owner: dead() });
    const next = await open(paths, 1);
    mkdirSync(dirname(paths.apiAudit), { recursive: true });
    writeFileSync(paths.apiAudit, '{"event":"API_CALL_SUCCESS","call_id":"known","cos');
    const audited = () =>
      readFileSync(paths.apiAudit, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line))
        .map(({ call_id, event, cost }) => [call_id, event, cost]);
    await gone.reserve({ call_id: 'known', amount_usd: 0.3, minimum_usd: 0.3 });
    await next.recover(new Map([['known', 0.1]]));
    await gone.reserve({ call_id: 'reset', amount_usd: 0.2, minimum_usd: 0.2 });
    await next.reset('person');
    await gone.reserve({ call_id: 'buried', amount_usd: 0.8, minimum_usd: 0.8 });
    expect(await next.reserve({ call_id: 'more', amount_usd: 0.5, minimum_usd: 0.5 })).toMatchObject({ granted: false });
    expect(audited()).toEqual([
      ['known', 'API_CALL_SUCCESS', 0.1],
      ['reset', 'API_CALL_ABORTED', 0.2],
      ['buried', 'API_CALL_ABORTED', 0.8],
    ]);
    await Promise.all([gone.close(), next.close()]);
  });

  it('wakes a waiter when another process frees the money', async () => {
    const paths = freshPaths();
    const [one, two] = [await open(paths, 1), await open(paths, 1)];
    await one.reserve({ call_id: 'a', amount_usd: 0.9, minimum_usd: 0.9 });
    const waiting = two.reserve({ call_id: 'b', amount_usd: 0.5, minimum_usd: 0.5 });
    await one.settle('a', 0.2);
    expect(await waiting).toMatchObject({ granted: true, amount_usd: 0.5 });
    await Promise.all([one.close(), two.close()]);
  });

  it('lets a waiter give up, and gives what was being written to whoever gave up meanwhile', async () => {
    const ledger = await open(freshPaths(), 1);
    await ledger.reserve({ call_id: 'a', amount_usd: 0.9, minimum_usd: 0.9 });
    const stop = new AbortController();
    const waiting = ledger.reserve({ call_id: 'b', amount_usd: 0.9, minimum_usd: 0.9 }, stop.signal);
    stop.abort(new Error('halted'));
    await expect(waiting).rejects.toThrow('halted');
    const late = new AbortController();
    const booking = ledger.reserve({ call_id: 'c', amount_usd: 0.05, minimum_usd: 0.05 }, late.signal);
    late.abort(new Error('halted'));
    expect(await booking).toMatchObject({ granted: true, amount_usd: 0.05 });
    await ledger.settle('c', 0);
    expect(ledger.state()).toMatchObject({ reserved_usd: 0.9, spent_usd: 0 });
    await ledger.close();
  });

  it('survives a restart, records a new cap, and starts anew when a person says so', async () => {
    const paths = freshPaths();
    const before = await open(paths, 1);
    await before.reserve({ call_id: 'a', amount_usd: 0.9, minimum_usd: 0.9 });
    await before.settle('a', 0.9);
    await before.close();
    const after = await open(paths, 0.95);
    expect(after.state()).toMatchObject({ cap_usd: 0.95, spent_usd: 0.9 });
    expect(await after.reserve({ call_id: 'b', amount_usd: 0.2, minimum_usd: 0.1 })).toMatchObject({
      granted: false,
      level: 'run',
    });
    await after.reset('person');
    expect(await after.reserve({ call_id: 'b', amount_usd: 0.2, minimum_usd: 0.1 })).toMatchObject({
      granted: true,
      amount_usd: 0.2,
    });
    await after.close();
  });

  it('refuses a settlement without a reservation and a sum that is no sum', async () => {
    const ledger = await open(freshPaths(), 1);
    await expect(ledger.settle('never', 0.1)).rejects.toThrow('nothing is reserved');
    await ledger.reserve({ call_id: 'a', amount_usd: 0.1, minimum_usd: 0.1 });
    await expect(ledger.settle('a', Number.NaN)).rejects.toThrow('not an amount of money');
    await ledger.settle('a', 0.05);
    await ledger.settle('a', 0.05);
    expect(ledger.state().spent_usd).toBe(0.05);
    await ledger.close();
  });
});
