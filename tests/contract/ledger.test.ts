import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  actorOf,
  asResident,
  asRuntime,
  parseTokenRecord,
  type SocietyStore,
  seeded,
  type WorkspacePaths,
  walletAccount,
} from '@vivarium/core';
import { verifyLedger } from '@vivarium/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, TestWorld, tip } from './society-world.ts';

let world: TestWorld;
let paths: WorkspacePaths;
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const reward = (society: SocietyStore, task_id: string, identity_id: string, tokens = 10) =>
  society.act(asRuntime, 'reward_task', {
    ...{ task_id, identity_id, tokens },
    ...{ budget_used: 0.01, max_budget: 0.1, review_confidence: 0.95 },
  });
const balance = ({ world: { tokens } }: SocietyStore, account: string) => tokens.balances.get(account) ?? 0;
const wallet = (society: SocietyStore, id: string) =>
  [balance(society, walletAccount(id, 'free')), balance(society, walletAccount(id, 'journal'))] as const;

beforeEach(() => {
  world = new TestWorld();
  ({ paths } = world);
});
afterEach(() => world.close());

describe('the ledger', () => {
  it('pays a reward once per task and identity, over restarts, and shows it in the documented views', async () => {
    const society = await world.open();
    expect(await reward(society, 't1', 'ada')).toMatchObject({ ok: true, tokens_awarded: 10 });
    expect(await reward(society, 't1', 'ada', 12)).toMatchObject({ ok: false, reason: 'already_rewarded' });
    await society.close();
    const again = await world.open();
    expect(await reward(again, 't1', 'ada')).toMatchObject({ reason: 'already_rewarded' });
    expect([...wallet(again, 'ada'), balance(again, 'mint:under_budget')]).toEqual([7, 3, -10]);
    await again.publish();
    const grant = { task_id: 't1', identity_id: 'ada', tokens_requested: 10, tokens_awarded: 10, budget_used: 0.01 };
    expect(json(paths.rewardView)).toMatchObject({
      version: 1,
      grants: { 't1::ada': { ...grant, max_budget: 0.1, review_confidence: 0.95, reason: 'worker_approved_under_budget:t1' } },
    });
    expect(json(paths.walletView)).toMatchObject({
      ada: { tokens: 7, journal_tokens: 3, free_time_cap: 500, history: [{ granted_total: 10, free_capped: false }] },
    });
  });

  it('grants once when many processes race for it, and a wallet is never paid twice from', async () => {
    const all = await Promise.all([world.open(), world.open(), world.open()]);
    const answers = await Promise.all(all.map((society) => reward(society, 't1', 'ada')));
    expect(answers.filter((answer) => answer.ok).length).toBe(1);
    const spent = await Promise.all(
      all.map((society) => society.act(asResident('ada'), 'gift_tokens', { identity_id: 'ben', amount: 5 })),
    );
    expect(spent.filter((answer) => answer.ok).length).toBe(1);
    for (const society of all) await society.refresh();
    for (const society of all) expect([wallet(society, 'ada'), balance(society, 'wallet:ben:free')]).toEqual([[2, 3], 4]);
  });

  it('sends what exceeds the caps to the commons, also when several fill the wallet at once', async () => {
    const all = await Promise.all([world.open(), world.open()]);
    await tip(all[0] as SocietyStore, 'ada', 700);
    await Promise.all(all.flatMap((society, n) => [1, 2, 3].map((m) => reward(society, `t${n}${m}`, 'ada'))));
    for (const society of all) await society.refresh();
    const stands = all.map((society) => [...wallet(society, 'ada'), balance(society, 'commons')]);
    expect(stands[0]).toEqual(stands[1]);
    const [free, journal, commons] = stands[0] as [number, number, number];
    expect([free, free + journal + commons]).toEqual([500, 760]);
  });

  it('refuses what is no amount and what a wallet does not hold', async () => {
    const society = await world.open();
    for (const tokens of [0, -1, 0.5, 2_000_000]) {
      expect(await reward(society, 't1', 'ada', tokens)).toMatchObject({ reason: 'invalid_arguments' });
    }
    expect(await society.act(asResident('ada'), 'gift_tokens', { identity_id: 'ben', amount: 1 })).toMatchObject({
      reason: 'insufficient_tokens',
    });
    expect(society.world.tokens.balances.size).toBe(0);
  });

  it.each([
    ['postings that do not sum to zero', [['mint:x', -1]]],
    [
      'a fraction',
      [
        ['mint:x', -0.5],
        ['commons', 0.5],
      ],
    ],
    [
      'nothing moved',
      [
        ['mint:x', 0],
        ['commons', 0],
      ],
    ],
    [
      'an account nobody knows',
      [
        ['wallet:a', 1],
        ['mint:x', -1],
      ],
    ],
    [
      'an account twice',
      [
        ['commons', 1],
        ['commons', -1],
      ],
    ],
  ] as const)('takes no line with %s', (_what, moves) => {
    const line = { key: 'k', kind: 'gift', memo: 'a gift', timestamp: '2026-11-24T12:00:00.000Z' };
    const postings = moves.map(([account, amount]) => ({ account, amount }));
    expect(() => parseTokenRecord({ ...line, postings })).toThrow(TypeError);
  });

  it('publishes the views anew when they were deleted', async () => {
    const society = await world.open();
    ok(await reward(society, 't1', 'ada'));
    await society.close();
    rmSync(paths.walletView);
    await (await world.open()).close();
    expect(json(paths.walletView).ada.tokens).toBe(7);
  });

  it('comes to the same in every process and recomputes from its lines, whoever races', async () => {
    const random = seeded('two processes');
    const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const all = await Promise.all([world.open(), world.open()]);
    const acts = Array.from({ length: 120 }, (_, n) => () => {
      const [society, who, other] = [among(all), among(['ada', 'ben', 'cyn']), among(['dov', 'eve'])];
      if (n % 2 === 0) return reward(society, `t${Math.floor(random() * 20)}`, who, 1 + Math.floor(random() * 12));
      return society.ask(actorOf(who), 'gift_tokens', { identity_id: other, amount: 1 + Math.floor(random() * 20) });
    });
    await Promise.all(acts.map((act) => act()));
    for (const society of all) await society.refresh();
    const [one, two] = all.map((society) => [...society.world.tokens.balances].sort());
    expect(one).toEqual(two);
    expect(one?.reduce((sum, [, amount]) => sum + amount, 0)).toBe(0);
    expect(one?.every(([account, amount]) => amount >= 0 || account.startsWith('mint:'))).toBe(true);
    await Promise.all(all.map((society) => society.publish()));
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true, balances: all[0]?.world.tokens.balances });
  });
});

describe('verifyLedger', () => {
  const filled = async () => {
    const society = await world.open();
    for (const n of [1, 2, 3]) ok(await reward(society, `t${n}`, n === 3 ? 'ben' : 'ada'));
    await society.close();
  };

  it('accepts a fresh workspace, a whole ledger, and a view that lags', async () => {
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true, entries: 0 });
    const society = await world.open();
    ok(await reward(society, 't1', 'ada'));
    await society.publish();
    const early = readFileSync(paths.walletView);
    ok(await reward(society, 't2', 'ada'));
    await society.close();
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true, entries: 2 });
    writeFileSync(paths.walletView, early);
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true });
  });

  it('names a changed line, a foreign line and a changed wallet', async () => {
    await filled();
    const good = readFileSync(paths.tokenLedger, 'utf8');
    const lines = good.split('\n');
    writeFileSync(paths.tokenLedger, [lines[0], lines[1]?.replace('"amount":7', '"amount":9'), lines[2], ''].join('\n'));
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({
      ok: false,
      difference: expect.stringMatching(/ledger\.jsonl line 2/),
    });
    writeFileSync(paths.tokenLedger, `${good}{"key":"free lunch"}\n`);
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({
      ok: false,
      difference: expect.stringMatching(/line 4.*not written/),
    });
    writeFileSync(paths.tokenLedger, good);
    const wallets = json(paths.walletView);
    wallets.ben.tokens = 100;
    writeFileSync(paths.walletView, JSON.stringify(wallets));
    const difference = expect.stringMatching(/100 tokens in wallet:ben:free; the ledger's entries add up to 7/);
    expect(verifyLedger(paths.tokenLedger)).toEqual({ ok: false, entries: 3, difference });
    writeFileSync(paths.walletView, '{');
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: false, difference: expect.stringMatching(/does not read/) });
  });

  it('does not mind an unfinished last line, which was never acknowledged', async () => {
    await filled();
    writeFileSync(paths.tokenLedger, `${readFileSync(paths.tokenLedger, 'utf8')}{"key":"rew`);
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true, entries: 3 });
    expect(existsSync(paths.tokenLedger)).toBe(true);
  });
});
