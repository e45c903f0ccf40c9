import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affordableTokens, costOf, estimate, gapMs, inputBound, MAX_TRIES, retryAfterMs } from './rules.ts';

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
        const need = estimate(price, input, max);
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

describe('when to try again', () => {
  it('waits longer every time, at least 100 ms, and never less than the provider asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: MAX_TRIES, maxLength: MAX_TRIES }),
        (random) => {
          const gaps = random.slice(1).map((r, index) => gapMs(index + 2, r));
          for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan(index === 0 ? 100 : (gaps[index - 1] ?? 0));
        },
      ),
    );
    expect(gapMs(2, 0, 5000)).toBe(5000);
  });

  it('reads seconds, milliseconds and dates', () => {
    const headers = (known: Record<string, string>) => (name: string) => known[name];
    expect(retryAfterMs(headers({ 'retry-after': '2' }), 0)).toBe(2000);
    expect(retryAfterMs(headers({ 'retry-after': '2', 'retry-after-ms': '150' }), 0)).toBe(150);
    expect(retryAfterMs(headers({ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }), 4000)).toBe(6000);
    expect(retryAfterMs(headers({ 'retry-after': 'soon' }), 0)).toBeUndefined();
    expect(retryAfterMs(headers({}), 0)).toBeUndefined();
  });
});
