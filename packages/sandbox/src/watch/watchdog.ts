import { countFolders } from './folders.ts';
import { type Measure, measureFolders, measureProcesses, type SandboxLimits } from './measure.ts';
import { openView, type View } from './view.ts';

export interface Watched {
  readonly limits: SandboxLimits;
  /** Folders of the host. */
  readonly counted: readonly string[];
  /** Folders in memory, as they are called inside. */
  readonly memory: readonly string[];
}

export interface Watchdog {
  /** To be called with bubblewrap's process; what it returns, when that has ended. */
  watch(bwrapPid: number, stop: () => void): () => void;
  /** The limit that was passed. */
  over(): Measure | undefined;
  /** Whether it was stopped because it could not be looked at. */
  blind(): boolean;
}

const CALM_MS = 100;
const FIRST_MS = 15;
const ALERT_MS = 5;
/** Looking takes at most this part of the time. */
const PART_OF_TIME = 4;
/** At the pace of its growth there are this many looks before a limit. */
const LOOKS_BEFORE = 3;
const BLIND_MS = 10_000;

/**
 * Looks at a sandbox every 100 ms, and sooner the faster it comes near a limit, and stops it when it has passed one.
 * The kernel's own limits are for single processes, and some do not hold for root; these are for all of it together.
 */
export function openWatchdog({ limits, counted, memory }: Watched): Watchdog {
  const folders = counted.length > 0 ? countFolders(counted, limits) : undefined;
  let view: View | undefined;
  let over: Measure | undefined;
  let blind = false;
  let last = { at: performance.now(), full: 0 };
  let delay = FIRST_MS;
  const note = (measures: readonly Measure[]) => {
    over ??= measures.find(({ value, allowed }) => value > allowed);
    const full = Math.max(0, ...measures.map(({ value, allowed }) => value / allowed));
    const at = performance.now();
    const pace = (full - last.full) / (at - last.at);
    const wait = pace > 0 ? (1 - full) / pace / LOOKS_BEFORE : CALM_MS;
    delay = view === undefined ? FIRST_MS : Math.min(CALM_MS, Math.max(ALERT_MS, wait));
    last = { at, full };
  };
  const look = (bwrapPid: number) => {
    view ??= openView(bwrapPid);
    note([...(view ? measureProcesses(view, memory, limits) : []), ...(folders ? measureFolders(folders, view, limits) : [])]);
  };
  return {
    over: () => over,
    blind: () => blind,
    watch: (bwrapPid, stop) => {
      const started = performance.now();
      const turn = () => {
        const began = performance.now();
        look(bwrapPid);
        blind = view === undefined && began - started > BLIND_MS;
        if (over || blind) return stop();
        timer = setTimeout(turn, Math.max(delay, PART_OF_TIME * (performance.now() - began)));
      };
      let timer = setTimeout(turn, FIRST_MS);
      return () => {
        clearTimeout(timer);
        if (folders && !over) note(measureFolders(folders, undefined, limits, true));
        view?.close();
        view = undefined;
      };
    },
  };
}
