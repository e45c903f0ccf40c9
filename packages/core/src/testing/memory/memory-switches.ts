import type { Clock } from '../../ports/clock.ts';
import type { Switches, SwitchReason, SwitchState } from '../../ports/switches.ts';

type Thrown = Omit<SwitchReason, 'state'>;

export function memorySwitches(clock: Clock): Switches {
  let halted: Thrown | undefined;
  let paused: Thrown | undefined;
  const listeners = new Set<(state: SwitchState) => void>();
  const state = (): SwitchState => (halted ? 'halted' : paused ? 'paused' : 'running');
  const change = (make: () => void) => {
    const before = state();
    make();
    const now = state();
    if (now !== before) for (const listener of listeners) queueMicrotask(() => listener(now));
  };
  const thrown = (by: { reason: string; actor: string }): Thrown => ({ ...by, since: clock.now().toISOString() });
  return {
    state,
    halt: async (by) =>
      change(() => {
        halted = thrown(by);
      }),
    pause: async (by = { reason: '', actor: 'person' }) =>
      change(() => {
        paused = thrown(by);
      }),
    resume: async () =>
      change(() => {
        halted = undefined;
        paused = undefined;
      }),
    reason: () => ({ state: state(), ...(halted ?? paused ?? { reason: '', actor: '' }) }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
