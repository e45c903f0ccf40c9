import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

/** What a limit of two a minute answers to one who comes at these milliseconds. */
function answers(times: readonly number[], limit = new RateLimit()): number[] {
  return times.map((at) => limit.take('a', 2, at));
}

it.each([
  ['lets in as many as it may', [0, 1], [0, 0]],
  ['tells how long to wait until the oldest is a minute old', [0, 10_000, 20_000], [0, 0, 40_000]],
  ['lets in at that moment and not before', [0, 10_000, 59_999, 60_000], [0, 0, 1, 0]],
  ['counts any minute, not whole ones', [50_000, 59_000, 61_000, 110_000, 110_001], [0, 0, 49_000, 0, 8_999]],
  ['does not count who was refused', [0, 1, 2, 3, 60_000, 60_001, 60_002], [0, 0, 59_998, 59_997, 0, 0, 59_998]],
  ['forgets after a quiet time', [0, 1, 3_600_000, 3_600_001, 3_600_002], [0, 0, 0, 0, 59_998]],
])('%s', (_what, times, waits) => expect(answers(times)).toEqual(waits));

it('counts each one for itself', () => {
  const limit = new RateLimit();
  answers([0, 0], limit);
  expect([limit.take('b', 2, 0), limit.take('a', 2, 0), limit.take('a', 3, 0)]).toEqual([0, 60_000, 0]);
});
