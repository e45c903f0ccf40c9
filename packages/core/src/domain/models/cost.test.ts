import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affordableTokens, costOf, estimateCall, inputBound } from './cost.ts';

const price = { input: 0.075, output: 0.3 };
const user = (content: string) => [{ role: 'user' as const, content }];

describe('what a call costs', () => {
  it('is usage times price, to the nano-dollar', () => {
    expect(costOf(price, { prompt_tokens: 1000, completion_tokens: 500 })).toBe(0.000225);
    expect(costOf(price, { prompt_tokens: 1, completion_tokens: 0 })).toBe(7.5e-8);
  });

  it('is never more than what was reserved for it, whatever was granted', () => {
    const numbers = fc.record({
      text: fc.string({ maxLength: 2000, unit: 'binary' }),
      max: fc.integer({ min: 1, max: 65536 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(numbers, ({ text, max, share }) => {
        const input = inputBound(user(text), undefined);
        const need = estimateCall(price, input, max);
        const granted = need.minimum_usd + (need.amount_usd - need.minimum_usd) * share;
        const tokens = affordableTokens(price, input, granted, max);
        expect(tokens).toBeGreaterThanOrEqual(Math.min(max, 16) - 1);
        expect(costOf(price, { prompt_tokens: input, completion_tokens: tokens })).toBeLessThanOrEqual(granted + 1e-9);
      }),
    );
  });

  it('bounds the input by its bytes in UTF-8', () => {
    const plain = inputBound(user('abc'), undefined);
    expect(inputBound(user('äbc'), undefined) - plain).toBe(1);
    expect(inputBound(user('漢bc'), undefined) - plain).toBe(2);
    expect(inputBound(user('🦊bc'), undefined) - plain).toBe(3);
    expect(inputBound(user('abc'), undefined, 2)).toBe(plain * 2);
  });
});
