import { describe, expect, it } from 'vitest';
import type { SwitchState } from '../../ports/switches.ts';
import { type NewWorld, soon, twoProcesses } from './world.ts';

const BY = { reason: 'smoke', actor: 'bob' };

/** The promises every `Switches` keeps. Call once per backend. */
export function describeSwitches(backend: string, newWorld: NewWorld): void {
  const both = async () => {
    const { clock, one, other } = await twoProcesses(newWorld);
    const stands = (state: SwitchState) =>
      soon(() => expect([one.switches.state(), other.switches.state()]).toEqual([state, state]));
    return { clock, one: one.switches, other: other.switches, stands };
  };
  describe(`Switches on ${backend}`, () => {
    it('lets HALT win over PAUSE, whichever came first, and takes both away together', async () => {
      const { one, other, stands } = await both();
      await stands('running');
      for (const order of [
        ['pause', 'halt'],
        ['halt', 'pause'],
      ] as const) {
        for (const [at, what] of order.entries()) await (at ? one : other)[what](BY);
        await stands('halted');
        await one.resume();
        await stands('running');
      }
      await other.resume();
      await stands('running');
    });

    it('is thrown for the process that threw it before that is told', async () => {
      const { one } = await both();
      await one.pause();
      expect(one.state()).toBe('paused');
      await one.halt(BY);
      expect(one.state()).toBe('halted');
      await one.resume();
      expect(one.state()).toBe('running');
    });

    it('says who threw it, why and when, and nothing once it is taken away', async () => {
      const { clock, one, other, stands } = await both();
      await one.pause({ reason: 'lunch', actor: 'ann' });
      await stands('paused');
      expect(other.reason()).toEqual({ state: 'paused', reason: 'lunch', actor: 'ann', since: clock.now().toISOString() });
      clock.advance(60_000);
      await one.halt(BY);
      await stands('halted');
      expect(other.reason()).toEqual({ state: 'halted', ...BY, since: clock.now().toISOString() });
      await one.resume();
      await stands('running');
      expect(other.reason()).toEqual({ state: 'running', reason: '', actor: '' });
    });

    it('is a person’s pause when nobody is named', async () => {
      const { one } = await both();
      await one.pause();
      expect(one.reason()).toMatchObject({ state: 'paused', reason: '', actor: 'person' });
    });

    it('tells every process of each change of state, until it stops listening', async () => {
      const { one, other } = await both();
      const heard: { mine: SwitchState[]; theirs: SwitchState[]; gone: SwitchState[] } = { mine: [], theirs: [], gone: [] };
      const stops = [one.watch((state) => heard.mine.push(state)), other.watch((state) => heard.theirs.push(state))];
      const stop = other.watch((state) => heard.gone.push(state));
      const told = (...states: SwitchState[]) => soon(() => expect([heard.mine, heard.theirs]).toEqual([states, states]));
      try {
        await one.pause();
        await told('paused');
        await soon(() => expect(heard.gone).toEqual(['paused']));
        const halting = one.halt(BY);
        stop();
        await halting;
        await told('paused', 'halted');
        await one.pause(BY);
        await one.resume();
        await told('paused', 'halted', 'running');
        expect(heard.gone).toEqual(['paused']);
      } finally {
        for (const each of stops) each();
      }
    });
  });
}
