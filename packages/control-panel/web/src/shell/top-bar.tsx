import { CirclePlay, CircleStop, Moon, Pause, Play, Plus, Search, Sun } from 'lucide-react';
import { api } from '../state/api.ts';
import { usd } from '../state/format.ts';
import { attempt } from '../state/notices.ts';
import { toggleTheme, useTheme } from '../state/theme.ts';
import { useWorld } from '../state/world.ts';
import { LinkState } from './navigation.tsx';
import { openAdd, openHalt, openMenu } from './ui.ts';

const MENU_KEY = /mac/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

/** Add, find, spend, state, and the three ways to steer. */
export function TopBar() {
  return (
    <header className="sticky top-0 z-20 flex flex-wrap items-center gap-2 border-b border-line bg-bg/95 px-4 py-2 backdrop-blur md:px-6">
      <button type="button" className="btn btn-go" onClick={openAdd} aria-keyshortcuts="c">
        <Plus aria-hidden className="size-3.5" />
        <span className="max-sm:sr-only">Add task</span>
      </button>
      <button
        type="button"
        className="btn min-w-0 justify-start text-dim xl:w-80"
        onClick={openMenu}
        aria-keyshortcuts="Control+K Meta+K /"
      >
        <Search aria-hidden className="size-3.5 shrink-0" />
        <span className="max-xl:sr-only">Find a task, a page, a deed…</span>
        <kbd aria-hidden className="kbd ml-auto hidden md:inline">
          {MENU_KEY}
        </kbd>
      </button>
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <span className="md:hidden">
          <LinkState wordless />
        </span>
        <Spend />
        <RunState />
        <Steering />
        <ThemeButton />
      </div>
    </header>
  );
}

function Spend() {
  const budget = useWorld((world) => world.picture?.budget);
  if (!budget) return null;
  return (
    <span className="hidden items-center gap-1.5 text-[12.5px] lg:flex">
      <span className="sr-only">Spent</span>
      <span className="num">{usd(budget.spent_usd)}</span>
      <span className="text-dim">of {usd(budget.cap_usd)}</span>
      <SpendBar spent={budget.spent_usd} reserved={budget.reserved_usd} cap={budget.cap_usd} className="w-20" />
    </span>
  );
}

/** Spent and reserved as parts of the cap. */
export function SpendBar(props: { spent: number; reserved: number; cap: number; className?: string }) {
  const { spent, reserved, cap, className = '' } = props;
  const part = (amount: number) => (cap > 0 ? Math.min(100, (amount / cap) * 100) : 0);
  const tone = part(spent) >= 90 ? 'fill-bad' : part(spent) >= 70 ? 'fill-warn' : 'fill-leaf';
  return (
    <svg aria-hidden="true" viewBox="0 0 100 6" preserveAspectRatio="none" className={`h-1.5 rounded-full ${className}`}>
      <rect width="100" height="6" className="fill-line" />
      <rect width={part(spent + reserved)} height="6" className={`${tone} opacity-40`} />
      <rect width={part(spent)} height="6" className={tone} />
    </svg>
  );
}

const STATES = {
  running: { word: 'Running', icon: CirclePlay, tone: 'bg-leafbg text-leaf' },
  paused: { word: 'Paused', icon: Pause, tone: 'bg-panel border border-line text-warn' },
  halted: { word: 'Halted', icon: CircleStop, tone: 'bg-panel border border-line text-bad' },
} as const;

function RunState() {
  const state = useWorld((world) => world.picture?.switch.state);
  if (!state) return null;
  const { word, icon: Icon, tone } = STATES[state];
  return (
    <span role="status" className={`inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-[12.5px] font-medium ${tone}`}>
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
}

function Steering() {
  const state = useWorld((world) => world.picture?.switch.state);
  return (
    <>
      {state === 'paused' || state === 'halted' ? (
        <button type="button" className="btn" onClick={() => attempt(() => api.control('resume'), 'Resumed')}>
          <Play aria-hidden className="size-3.5" />
          Resume
        </button>
      ) : (
        <button type="button" className="btn" disabled={!state} onClick={() => attempt(() => api.control('pause'), 'Paused')}>
          <Pause aria-hidden className="size-3.5" />
          <span className="max-sm:sr-only">Pause</span>
        </button>
      )}
      {state === 'halted' ? null : (
        <button type="button" className="btn btn-bad" onClick={openHalt}>
          <CircleStop aria-hidden className="size-3.5" />
          <span className="max-sm:sr-only">Halt</span>
        </button>
      )}
    </>
  );
}

function ThemeButton() {
  const dark = useTheme((theme) => theme.dark);
  const Icon = dark ? Sun : Moon;
  return (
    <button type="button" className="btn" onClick={toggleTheme} aria-label={dark ? 'Light theme' : 'Dark theme'}>
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}
