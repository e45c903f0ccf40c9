import { Pause, Play, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Card, Empty, Loading } from '../parts/card.tsx';
import { EventList } from '../parts/event-list.tsx';
import { type NumberedLine, useWorld } from '../state/world.ts';

const SOURCES = [
  { name: 'All', source: undefined },
  { name: 'Tasks', source: 'task' },
  { name: 'Activity', source: 'action' },
] as const;

/** What happened, newest first; it can be held still to read. */
export default function LogPage() {
  const lines = useWorld((world) => world.picture?.lines);
  const [held, setHeld] = useState<readonly NumberedLine[] | undefined>();
  const [source, setSource] = useState<'task' | 'action' | undefined>();
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const shown = (held ?? lines ?? [])
    .filter((line) => !source || line.source === source)
    .filter((line) => !needle || `${line.kind} ${line.actor} ${line.task_id ?? ''} ${line.text}`.toLowerCase().includes(needle))
    .toReversed();
  const missed = held && lines ? lines.length - held.length : 0;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">Log</h1>
        <input
          type="search"
          aria-label="Find in the log"
          placeholder="Find"
          className="field w-full bg-panel sm:w-56"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div role="group" aria-label="What to show" className="flex gap-1">
          {SOURCES.map((each) => (
            <button
              key={each.name}
              type="button"
              aria-pressed={source === each.source}
              className={`btn ${source === each.source ? 'border-leaf bg-leafbg text-leaf' : ''}`}
              onClick={() => setSource(each.source)}
            >
              {each.name}
            </button>
          ))}
        </div>
        <button type="button" className="btn" onClick={() => setHeld(held ? undefined : lines)}>
          {held ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
          {held ? `Follow${missed > 0 ? ` (${missed} new)` : ''}` : 'Hold still'}
        </button>
      </div>
      <Card
        title="Newest first"
        icon={ScrollText}
        aside={
          <span className="text-[12.5px] text-dim">
            {shown.length} lines; older ones stand in execution_log.jsonl and action_log.jsonl
          </span>
        }
      >
        {lines === undefined ? <Loading label="Loading the log" lines={8} /> : null}
        {lines !== undefined && shown.length === 0 ? (
          <Empty>{needle || source ? 'No line fits.' : 'Nothing has happened yet.'}</Empty>
        ) : null}
        <EventList lines={shown.slice(0, 500)} />
      </Card>
    </>
  );
}
