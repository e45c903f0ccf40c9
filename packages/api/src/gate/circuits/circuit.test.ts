import { FakeClock } from '@vivarium/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../call/call-failure.ts';
import { Circuit, type Entry, type Pass } from './circuit.ts';

const away = new CallFailure('unavailable', 'down');
const refused = new CallFailure('misconfigured', 'bad key');
const go = new AbortController().signal;

const passOf = (entry: Entry): Pass => {
  if (!entry.ok) throw new Error('no pass');
  return entry.pass;
};
const gapOf = (circuit: Circuit, clock: FakeClock): number =>
  circuit.standing.state === 'closed' ? 0 : circuit.standing.until_ms - clock.monotonicMs();

describe('a circuit', () => {
  it('lets everybody through while it is closed', async () => {
    const circuit = new Circuit(new FakeClock());
    const [a, b] = await Promise.all([circuit.enter(0, go), circuit.enter(0, go)]);
    expect([a.ok, b.ok]).toEqual([true, true]);
  });

  it.each([
    ['a minute while that costs nothing', away, 60_000],
    ['ten minutes where it may be charged', new CallFailure('timeout', 'late', { mayBeCharged: true }), 600_000],
    ['ten minutes for a refusal', refused, 600_000],
  ])('asks with growing gaps, one call at a time, at most every %s', async (_how, failure, longest) => {
    const clock = new FakeClock();
    const circuit = new Circuit(clock);
    passOf(await circuit.enter(0, go)).failed(failure);
    let last = 0;
    for (let round = 0; round < 12; round++) {
      const gap = gapOf(circuit, clock);
      expect(gap).toBeGreaterThanOrEqual(Math.min(longest, last * 2));
      expect(gap).toBeLessThanOrEqual(longest);
      last = gap;
      expect((await circuit.enter(0, go)).ok).toBe(false);
      clock.advance(gap);
      const probe = passOf(await circuit.enter(0, go));
      expect(probe.probe).toBe(true);
      expect((await circuit.enter(0, go)).ok).toBe(false);
      probe.failed(failure);
    }
    expect(last).toBe(longest);
  });

  it('is closed by its probe for all who wait', async () => {
    const clock = new FakeClock();
    let closings = 0;
    const circuit = new Circuit(clock, () => {
      closings += 1;
    });
    passOf(await circuit.enter(0, go)).failed(away);
    clock.advance(1_000);
    const probe = passOf(await circuit.enter(0, go));
    const waiting = Promise.all([circuit.enter(5_000, go), circuit.enter(5_000, go)]);
    probe.succeeded();
    expect((await waiting).every(({ ok }) => ok)).toBe(true);
    expect([circuit.standing.state, closings]).toEqual(['closed', 1]);
  });

  it('counts calls that failed side by side as one failure, and hears nothing of those that began before', async () => {
    const clock = new FakeClock();
    const circuit = new Circuit(clock);
    const passes = (await Promise.all([1, 2, 3, 4].map(() => circuit.enter(0, go)))).map(passOf);
    for (const pass of passes.slice(0, 3)) pass.failed(away);
    expect(gapOf(circuit, clock)).toBe(500);
    passes[3]?.succeeded();
    expect(circuit.standing.state).toBe('backing_off');
  });

  it('never asks before the time that the provider named', async () => {
    const clock = new FakeClock();
    const circuit = new Circuit(clock);
    passOf(await circuit.enter(0, go)).failed(new CallFailure('rate_limited', 'slow down', { retryAfterMs: 77_000 }));
    expect(gapOf(circuit, clock)).toBe(77_000);
    clock.advance(76_999);
    expect((await circuit.enter(0, go)).ok).toBe(false);
    clock.advance(1);
    expect((await circuit.enter(0, go)).ok).toBe(true);
  });

  it('asks a refusal slowly, and at once when a person wants to know', async () => {
    const clock = new FakeClock();
    const circuit = new Circuit(clock);
    passOf(await circuit.enter(0, go)).failed(refused);
    expect([circuit.standing.state, gapOf(circuit, clock)]).toEqual(['refused', 30_000]);
    circuit.forget();
    const probe = passOf(await circuit.enter(0, go));
    probe.succeeded();
    expect(circuit.standing.state).toBe('closed');
  });

  it('is free again after a probe that was stopped without an answer', async () => {
    const clock = new FakeClock();
    const circuit = new Circuit(clock);
    passOf(await circuit.enter(0, go)).failed(away);
    clock.advance(500);
    passOf(await circuit.enter(0, go)).dropped();
    expect(passOf(await circuit.enter(0, go)).probe).toBe(true);
  });

  it('lets go of whoever stops waiting', async () => {
    const circuit = new Circuit(new FakeClock());
    passOf(await circuit.enter(0, go)).failed(away);
    const stop = new AbortController();
    const entry = circuit.enter(10_000, stop.signal);
    stop.abort(new Error('halted'));
    await expect(entry).rejects.toThrow('halted');
  });

  it('has at most one probe under way, whatever the order of events', async () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('enter' as const) }),
      fc.record({ do: fc.constantFrom('succeed' as const, 'fail' as const, 'drop' as const), which: fc.nat(9) }),
      fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 900_000 }) }),
      fc.record({ do: fc.constant('forget' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const clock = new FakeClock();
        const circuit = new Circuit(clock);
        const open: Pass[] = [];
        for (const one of acts) {
          if (one.do === 'enter') {
            const entry = await circuit.enter(0, go);
            if (entry.ok) open.push(entry.pass);
          } else if (one.do === 'advance') clock.advance(one.ms);
          else if (one.do === 'forget') circuit.forget();
          else {
            const [pass] = open.splice(one.which % Math.max(1, open.length), 1);
            if (one.do === 'succeed') pass?.succeeded();
            else if (one.do === 'fail') pass?.failed(away);
            else pass?.dropped();
          }
          expect(open.filter(({ probe }) => probe).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
