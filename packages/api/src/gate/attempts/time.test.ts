import { describe, expect, it } from 'vitest';
import { callTime } from './time.ts';

const HOUR = 3_600_000;

describe('how long a call may be silent', () => {
  it.each<[string, { timeout_ms?: number }, number | undefined, boolean, number, number]>([
    ['a server on this machine, which may load its model first', {}, undefined, true, 600_000, HOUR],
    ['a provider elsewhere', {}, undefined, false, 120_000, HOUR],
    ['what a setting or the list of models says', {}, 45, true, 45_000, HOUR],
    ['what the task says, which is for the whole of it', { timeout_ms: 5_000 }, 45, true, 5_000, 5_000],
  ])('%s', (_who, call, seconds, free, silence_ms, total_ms) => {
    const left = call.timeout_ms ?? HOUR;
    expect(callTime(call, left, seconds, free)).toEqual({ silence_ms, total_ms });
  });

  it('is never more than what is left', () => {
    expect(callTime({}, 1_000, undefined, true)).toEqual({ silence_ms: 1_000, total_ms: 1_000 });
  });
});
