import { CirclePlay, CircleStop, FileUp, ListTree, type LucideIcon, Pause, Plus, SunMoon, User } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TaskRow } from '../../../src/protocol/tasks.ts';
import { lookOf } from '../parts/status.tsx';
import { inAddress } from '../state/address.ts';
import { api } from '../state/api.ts';
import { putDraft } from '../state/draft.ts';
import { attempt } from '../state/notices.ts';
import { toggleTheme } from '../state/theme.ts';
import { useWorld } from '../state/world.ts';
import { PLACES } from './places.ts';
import { openAdd, openHalt } from './ui.ts';

/** One thing the menu offers: a place to go to, or something to do. */
export interface Entry {
  readonly key: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly note?: string;
  readonly to: string | (() => void);
}

const MOST_TASKS = 8;

/** What fits the typed words: deeds and pages, residents, then tasks of the whole queue. */
export function useEntries(typed: string): readonly Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const state = useWorld((world) => world.picture?.switch.state);
  const identities = useWorld((world) => world.picture?.identities) ?? [];
  const tasks = useFoundTasks(typed.trim());
  const residents = identities.map(
    ({ id, name }): Entry => ({
      key: `resident:${id}`,
      name,
      note: 'Resident',
      icon: User,
      to: `/residents/${inAddress(id)}`,
    }),
  );
  const known = [...deedsOf(state), ...PLACE_ENTRIES, ...(words.length > 0 ? residents : [])];
  const add: Entry[] = words.length === 0 ? [] : [addEntry(typed.trim())];
  return [...known.filter(({ name, note }) => fits(`${name} ${note ?? ''}`)), ...tasks.map(taskEntry), ...add];
}

const PLACE_ENTRIES: readonly Entry[] = PLACES.map(({ href, name, icon, key }) => ({
  key: href,
  name,
  icon,
  note: `g ${key}`,
  to: href,
}));

function deedsOf(state: string | undefined): readonly Entry[] {
  const steer = (verb: 'pause' | 'resume', done: string) => () => void attempt(() => api.control(verb), done);
  return [
    { key: 'add', name: 'Add task', icon: Plus, note: 'c', to: openAdd },
    { key: 'import', name: 'Import tasks from a file', icon: FileUp, to: '/tasks?import=1' },
    ...(state === 'running'
      ? [{ key: 'pause', name: 'Pause', icon: Pause, to: steer('pause', 'Paused') }]
      : [{ key: 'resume', name: 'Resume', icon: CirclePlay, to: steer('resume', 'Resumed') }]),
    ...(state === 'halted' ? [] : [{ key: 'halt', name: 'Halt', icon: CircleStop, to: openHalt }]),
    { key: 'theme', name: 'Light or dark theme', icon: SunMoon, to: toggleTheme },
  ];
}

function addEntry(prompt: string): Entry {
  const to = () => {
    putDraft('add_task', { prompt });
    openAdd();
  };
  return { key: 'add-typed', name: `Add task “${prompt}”`, icon: Plus, to };
}

function taskEntry(row: TaskRow): Entry {
  const { word } = lookOf(row.status, row.hold !== undefined);
  return { key: `task:${row.id}`, name: row.title, note: word, icon: ListTree, to: `/tasks/${inAddress(row.id)}` };
}

/** Tasks whose id or prompt has the typed text, asked for when the typing rests. */
function useFoundTasks(text: string): readonly TaskRow[] {
  const [found, setFound] = useState<readonly TaskRow[]>([]);
  useEffect(() => {
    if (text.length < 2) return setFound([]);
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const page = await api.tasks({ text }, abort.signal).catch(() => undefined);
      if (page && !abort.signal.aborted) setFound(page.tasks.slice(0, MOST_TASKS));
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return found;
}
