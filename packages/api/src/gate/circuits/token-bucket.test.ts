import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const signal = new AbortController().signal;
let now = 0;
const clock = { now: () => new Date(now), monotonicMs: () => now };

beforeEach(() => {
  now = 0;
});
afterEach(() => vi.useRealTimers());

describe('the pace of calls', () => {
  it('starts full, then tells when there is room', async () => {
    const limit = new TokenBucket(2, clock);
    expect(await limit.take(0, signal)).toEqual({ ok: true });
    expect(await limit.take(0, signal)).toEqual({ ok: true });
    expect(await limit.take(0, signal)).toEqual({ ok: false, retry_after_ms: 30_000 });
    now = 30_000;
    expect(await limit.take(0, signal)).toEqual({ ok: true });
  });

  it('refills evenly and never above a minute’s worth', async () => {
    const limit = new TokenBucket(60, clock);
    now = 3_600_000;
    for (let n = 0; n < 60; n++) expect(await limit.take(0, signal)).toEqual({ ok: true });
    expect(await limit.take(0, signal)).toMatchObject({ ok: false, retry_after_ms: 1000 });
  });

  it('lets a call wait, and the next one behind it', async () => {
    const limit = new TokenBucket(600, clock);
    for (let n = 0; n < 600; n++) await limit.take(0, signal);
    const first = limit.take(150, signal);
    expect(await limit.take(150, signal)).toEqual({ ok: false, retry_after_ms: 200 });
    expect(await first).toEqual({ ok: true });
  });

  it('gives the place back when the one who waits is stopped', async () => {
    const limit = new TokenBucket(1, clock);
    await limit.take(0, signal);
    const stop = new AbortController();
    const waiting = limit.take(60_000, stop.signal);
    stop.abort(new Error('halted'));
    await expect(waiting).rejects.toThrow('halted');
    now = 60_000;
    expect(await limit.take(0, signal)).toEqual({ ok: true });
  });
});
