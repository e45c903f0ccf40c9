import { describe, expect, it } from 'vitest';
import { rewardTokens, roundHalfEven, splitGrant } from './rules.ts';

describe('rewardTokens', () => {
  it.each([
    [0.2, 0.05, 0.9, 8],
    [0.3, 0.1, 0.92, 7],
    [0.1, 0.05, 0.95, 6],
    [0.1, 0, 1, 10],
    [0.1, 0.0999999, 0, 1],
    [1, 0.8125, 0.25, 2],
    [0.1, 0.1, 1, 0],
    [0.1, 0.2, 1, 0],
  ])('max %d, used %d, confidence %d → %d', (max_budget, budget_used, confidence, tokens) => {
    expect(rewardTokens({ max_budget, budget_used, confidence })).toBe(tokens);
  });

  it.each([
    [0.0001, 10],
    [0.01, 9],
    [0.02, 8],
    [0.03, 8],
    [0.04, 7],
    [0.05, 6],
    [0.06, 5],
    [0.07, 4],
    [0.08, 4],
    [0.09, 3],
    [0.099, 2],
    [0.1, 0],
  ])('an approval at 0.95 on a budget of 0.10 with %d used → %d', (budget_used, tokens) => {
    expect(rewardTokens({ max_budget: 0.1, budget_used, confidence: 0.95 })).toBe(tokens);
  });

  it.each([
    { budget_used: undefined },
    { budget_used: -1 },
    { budget_used: Number.NaN },
    { max_budget: 0 },
    { max_budget: Number.NaN },
    { simulated: true },
  ])('pays nothing for %j', (part) => {
    expect(rewardTokens({ max_budget: 0.1, budget_used: 0, confidence: 1, ...part })).toBe(0);
  });

  it('takes a confidence out of range for the nearest in range', () => {
    const pay = (confidence: number) => rewardTokens({ max_budget: 1, budget_used: 0.5, confidence });
    expect([pay(-3), pay(7), pay(Number.NaN)]).toEqual([4, 6, 4]);
  });

  it('rounds halves to the even number', () => {
    expect([0.5, 1.5, 2.5, 3.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 4, 2, 3]);
  });
});

describe('splitGrant', () => {
  it.each([
    [1, 0, 1],
    [2, 1, 1],
    [5, 3, 2],
    [8, 5, 3],
    [10, 7, 3],
    [12, 8, 4],
    [50, 35, 15],
    [100, 70, 30],
  ])('%d → %d free + %d journal', (tokens, free, journal) => {
    expect(splitGrant(tokens, { free: 0, journal: 0 })).toMatchObject({ free, journal, overflow: 0 });
  });

  it('overflows what finds no room under the caps, and never takes from a wallet above its cap', () => {
    expect(splitGrant(10, { free: 497, journal: 200 })).toEqual({
      free: 3,
      journal: 0,
      overflow: 7,
      free_capped: true,
      journal_capped: true,
    });
    expect(splitGrant(10, { free: 700, journal: 0 })).toMatchObject({ free: 0, journal: 3, overflow: 7 });
  });
});
