import type { Clock } from '../../ports/clock.ts';
import type { Switches, SwitchReason, SwitchState } from '../../ports/switches.ts';

type Thrown = Omit<SwitchReason, 'state'>;

/** What all openings of one world share: the two switches, and who hears of them. */
export interface MemorySwitches {
  halted: Thrown | undefined;
  paused: Thrown | undefined;
  readonly listeners: Set<(state: SwitchState) => void>;
}

export const noSwitches = (): MemorySwitches => ({ halted: undefined, paused: undefined, listeners: new Set() });

export function memorySwitches(clock: Clock, kept: MemorySwitches): Switches {
  const { listeners } = kept;
  const state = (): SwitchState => (kept.halted ? 'halted' : kept.paused ? 'paused' : 'running');
  const change = async (changed: Partial<MemorySwitches>) => {
    const before = state();
    Object.assign(kept, changed);
    const now = state();
    if (now === before) return;
    for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(now));
  };
  const thrown = (by: { reason: string; actor: string }): Thrown => ({ ...by, since: clock.now().toISOString() });
  return {
    state,
    halt: (by) => change({ halted: thrown(by) }),
    pause: (by = { reason: '', actor: 'person' }) => change({ paused: thrown(by) }),
    resume: () => change({ halted: undefined, paused: undefined }),
    reason: () => ({ state: state(), ...(kept.halted ?? kept.paused ?? { reason: '', actor: '' }) }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
