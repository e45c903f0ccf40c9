import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FileTokenLedger,
  InvalidInputError,
  openTokenLedger,
  systemClock,
  TaskConflictError,
  type TokenEntry,
  verifyLedger,
  type WorkspacePaths,
  walletAccount,
  workspacePaths,
} from '@vivarium/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let paths: WorkspacePaths;
const opened: FileTokenLedger[] = [];
const open = async (where = paths) => {
  const ledger = await openTokenLedger({ paths: where, clock: systemClock });
  opened.push(ledger);
  return ledger;
};
const fresh = () => workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-tokens-')));
const reward = (task_id: string, identity_id: string, tokens = 10) => ({
  task_id,
  identity_id,
  tokens,
  budget_used: 0.01,
  max_budget: 0.1,
  review_confidence: 0.95,
});
const move = (key: string, from: string, to: string, amount: number): TokenEntry => ({
  key,
  kind: 'gift',
  memo: 'a gift',
  postings: [
    { account: from, amount: -amount },
    { account: to, amount },
  ],
});
const free = (id: string) => walletAccount(id, 'free');
const journal = (id: string) => walletAccount(id, 'journal');
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

beforeEach(() => {
  paths = fresh();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
});

describe('token ledger', () => {
  it('pays a reward once per task and identity, over restarts, and shows it in the documented views', async () => {
    const ledger = await open();
    expect(await ledger.reward(reward('t1', 'a'))).toMatchObject({ granted: true, tokens_requested: 10, tokens_awarded: 10 });
    expect(await ledger.reward(reward('t1', 'a', 12))).toMatchObject({ granted: false, tokens_awarded: 10 });
    await ledger.close();
    const again = await open();
    expect((await again.reward(reward('t1', 'a'))).granted).toBe(false);
    expect([again.balance(free('a')), again.balance(journal('a')), again.balance('mint:under_budget')]).toEqual([7, 3, -10]);
    await again.publish();
    const grant = { task_id: 't1', identity_id: 'a', tokens_requested: 10, tokens_awarded: 10, budget_used: 0.01 };
    expect(json(paths.rewardView)).toMatchObject({
      version: 1,
      grants: { 't1::a': { ...grant, max_budget: 0.1, review_confidence: 0.95, reason: 'worker_approved_under_budget:t1' } },
    });
    expect(json(paths.walletView)).toMatchObject({
      a: { tokens: 7, journal_tokens: 3, free_time_cap: 500, history: [{ granted_total: 10, free_capped: false }] },
    });
  });

  it('grants once when many processes race for it, and a wallet is never paid twice from', async () => {
    const ledgers = await Promise.all([open(), open(), open()]);
    const answers = await Promise.all(ledgers.map((ledger) => ledger.reward(reward('t1', 'a'))));
    expect(answers.filter(({ granted }) => granted).length).toBe(1);
    const spent = await Promise.allSettled(ledgers.map((ledger, n) => ledger.book(move(`gift:${n}`, free('a'), free('b'), 5))));
    expect(spent.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const ledger of ledgers) ledger.refresh();
    for (const ledger of ledgers) expect([ledger.balance(free('a')), ledger.balance(free('b'))]).toEqual([2, 5]);
  });

  it('sends what exceeds the caps to the commons, also when several fill the wallet at once', async () => {
    const ledgers = await Promise.all([open(), open()]);
    await ledgers[0]?.book(move('seed', 'mint:test', free('a'), 490));
    await Promise.all(ledgers.flatMap((ledger, n) => [1, 2, 3].map((m) => ledger.reward(reward(`t${n}${m}`, 'a')))));
    for (const ledger of ledgers) ledger.refresh();
    expect(ledgers.map((ledger) => [ledger.balance(free('a')), ledger.balance(journal('a')), ledger.balance('commons')])).toEqual(
      [
        [500, 18, 32],
        [500, 18, 32],
      ],
    );
  });

  it.each([
    ['postings that do not sum to zero', { postings: [{ account: 'mint:x', amount: -1 }] }],
    [
      'a fraction',
      {
        postings: [
          { account: 'mint:x', amount: -0.5 },
          { account: 'commons', amount: 0.5 },
        ],
      },
    ],
    [
      'nothing moved',
      {
        postings: [
          { account: 'mint:x', amount: 0 },
          { account: 'commons', amount: 0 },
        ],
      },
    ],
    [
      'an account nobody knows',
      {
        postings: [
          { account: 'wallet:a', amount: 1 },
          { account: 'mint:x', amount: -1 },
        ],
      },
    ],
    [
      'an account twice',
      {
        postings: [
          { account: 'commons', amount: 1 },
          { account: 'commons', amount: -1 },
        ],
      },
    ],
    ['no key', { key: '' }],
  ])('refuses %s and names the field', async (_what, part) => {
    const ledger = await open();
    const entry = { ...move('k', 'mint:test', 'commons', 1), ...part };
    await expect(ledger.book(entry)).rejects.toThrow(InvalidInputError);
    expect(ledger.balances().size).toBe(0);
  });

  it('refuses to overdraw whatever is no source', async () => {
    const ledger = await open();
    await expect(ledger.book(move('k', 'commons', free('a'), 1))).rejects.toThrow(TaskConflictError);
    await expect(ledger.book(move('k', free('a'), free('b'), 1))).rejects.toThrow(
      /wallet:a:free holds 0 tokens; 1 were asked for/,
    );
  });

  it('publishes the views anew when they were deleted', async () => {
    const ledger = await open();
    await ledger.reward(reward('t1', 'a'));
    await ledger.close();
    rmSync(paths.walletView);
    await (await open()).close();
    expect(json(paths.walletView).a.tokens).toBe(7);
  });

  it('keeps every sum at zero and every wallet above it under any operations, and replays change nothing', async () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const operation = fc.oneof(
      fc.record({
        op: fc.constant('reward' as const),
        task: fc.integer({ min: 0, max: 9 }),
        id,
        n: fc.integer({ min: 1, max: 12 }),
      }),
      fc.record({
        op: fc.constant('gift' as const),
        task: fc.integer({ min: 0, max: 9 }),
        id,
        n: fc.integer({ min: 1, max: 20 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
        const where = fresh();
        const ledgers = [await open(where), await open(where)];
        const run = (at: number) => {
          const { op, task, id: who, n } = operations[at] ?? { op: 'gift', task: 0, id: 'a', n: 1 };
          const ledger = ledgers[at % 2] as FileTokenLedger;
          if (op === 'reward') return ledger.reward(reward(`t${task}`, who, n));
          return ledger.book(move(`gift:${task}`, free(who), 'commons', n)).catch((error) => {
            if (!(error instanceof TaskConflictError)) throw error;
          });
        };
        await Promise.all(operations.map((_, at) => run(at)));
        for (const ledger of ledgers) ledger.refresh();
        const [one, two] = ledgers.map((ledger) => [...ledger.balances()].sort());
        expect(one).toEqual(two);
        expect((one ?? []).reduce((sum, [, balance]) => sum + balance, 0)).toBe(0);
        expect((one ?? []).every(([account, balance]) => balance >= 0 || account.startsWith('mint:'))).toBe(true);
        for (const [at, { op }] of operations.entries()) if (op === 'reward') await run(at);
        expect([...(ledgers[0]?.balances() ?? [])].sort()).toEqual(one);
        await Promise.all(ledgers.map((ledger) => ledger.publish()));
        expect(verifyLedger(where.tokenLedger)).toMatchObject({ ok: true, balances: ledgers[0]?.balances() });
      }),
      { numRuns: 15 },
    );
  });
});

describe('verifyLedger', () => {
  const filled = async () => {
    const ledger = await open();
    for (const n of [1, 2, 3]) await ledger.reward(reward(`t${n}`, n === 3 ? 'b' : 'a'));
    await ledger.close();
  };

  it('accepts a fresh workspace, a whole ledger, and a view that lags', async () => {
    expect(verifyLedger(paths.tokenLedger)).toMatchObject({ ok: true, entries: 0 });
    const ledger = await open();
    await ledger.reward(reward('t1', 'a'));
    await ledger.publish();
    const early = readFileSync(paths.walletView);
    await ledger.reward(reward('t2', 'a'));
    await ledger.close();
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
    wallets.b.tokens = 100;
    writeFileSync(paths.walletView, JSON.stringify(wallets));
    const difference = expect.stringMatching(/100 tokens in wallet:b:free; the ledger's entries add up to 7/);
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
