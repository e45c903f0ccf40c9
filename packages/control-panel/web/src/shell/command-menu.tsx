import { Dialog as Base } from '@base-ui/react/dialog';
import { CornerDownLeft, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type Entry, useEntries } from './menu-entries.ts';
import { useUi } from './ui.ts';

const close = (): void => useUi.setState({ searching: false });

/** Everything that can be found or done, by typing a part of its name. */
export default function CommandMenu() {
  return (
    <Base.Root open onOpenChange={(searching) => useUi.setState({ searching })}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35 dark:bg-black/60" />
        <Base.Popup className="card fixed left-1/2 top-[12dvh] z-50 flex max-h-[70dvh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden shadow-2xl outline-none">
          <Base.Title className="sr-only">Find or do</Base.Title>
          <Finder />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Finder() {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [, go] = useLocation();
  const entries = useEntries(typed);
  const list = useId();
  const current = Math.min(at, entries.length - 1);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    // After the dialog has given the focus back, so that what opens next keeps it.
    setTimeout(() => (typeof entry.to === 'string' ? go(entry.to) : entry.to()), 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((current + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === 'Enter') run(entries[current]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-dim" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type
          autoFocus
          role="combobox"
          aria-label="Find or do"
          aria-expanded={entries.length > 0}
          aria-controls={list}
          aria-activedescendant={entries.length > 0 ? `${list}-${current}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Find a task, a page, a deed…"
          className="w-full bg-transparent py-3 text-[15px] outline-none placeholder:text-dim"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Options id={list} entries={entries} current={current} onPick={run} onPoint={setAt} />
      {entries.length === 0 ? <p className="px-4 py-6 text-center text-dim">Nothing fits.</p> : null}
    </>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly current: number;
  readonly onPick: (entry: Entry) => void;
  readonly onPoint: (index: number) => void;
}

function Options({ id, entries, current, onPick, onPoint }: OptionsProps) {
  const chosen = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one scrolls into view when another is chosen
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <div id={id} role="listbox" aria-label="What fits" className="overflow-y-auto p-1.5 empty:hidden">
      {entries.map((entry, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen option
        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field picks it
        <div
          key={entry.key}
          id={`${id}-${index}`}
          ref={index === current ? chosen : null}
          role="option"
          aria-selected={index === current}
          onClick={() => onPick(entry)}
          onPointerMove={() => index !== current && onPoint(index)}
          className={`flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-2 ${index === current ? 'bg-leafbg text-leaf' : ''}`}
        >
          <entry.icon aria-hidden className="size-4 shrink-0 text-dim" />
          <span className="min-w-0 flex-1 truncate">{entry.name}</span>
          {entry.note ? <span className="max-w-[40%] truncate text-[12px] text-dim">{entry.note}</span> : null}
          {index === current ? <CornerDownLeft aria-hidden className="size-3.5 shrink-0 text-dim" /> : null}
        </div>
      ))}
    </div>
  );
}
