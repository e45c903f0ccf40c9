import { Download, Pause, Play, ScrollText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Card, Empty, Loading, Trouble } from '../parts/card.tsx';
import { EventList } from '../parts/event-list.tsx';
import type { NumberedLine } from '../state/world.ts';
import { type LogFilter, useLog } from './log/use-log.ts';

const SOURCES = [
  { name: 'All', source: 'all' },
  { name: 'Tasks', source: 'task' },
  { name: 'Activity', source: 'action' },
] as const;

/** What happened, newest first: it follows by itself, can be held still, and goes back to the first line written. */
export default function LogPage() {
  const [source, setSource] = useState<LogFilter['source']>('all');
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">Log</h1>
        <input
          type="search"
          aria-label="Find in the log"
          placeholder="Find"
          className="field w-full bg-panel sm:w-56"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
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
      </div>
      <Lines key={`${source}|${text}`} filter={{ source, text }} />
    </>
  );
}

function Lines({ filter }: { filter: LogFilter }) {
  const { lines, more, busy, trouble, older, again } = useLog(filter);
  const [held, setHeld] = useState<readonly NumberedLine[] | undefined>();
  const shown = held ?? lines;
  const missed = held && lines ? lines.filter((line) => line.at > (held[0]?.at ?? '')).length : 0;
  return (
    <Card
      title="Newest first"
      icon={ScrollText}
      aside={
        <>
          <button type="button" className="btn" onClick={() => setHeld(held ? undefined : lines)}>
            {held ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
            {held ? `Follow${missed > 0 ? ` (${missed} new)` : ''}` : 'Hold still'}
          </button>
          {(['task', 'action'] as const)
            .filter((source) => filter.source === 'all' || filter.source === source)
            .map((source) => (
              <a key={source} className="btn" href={`/api/log/download?source=${source}`} download>
                <Download aria-hidden className="size-3.5" />
                {source === 'task' ? 'Execution log' : 'Activity log'}
              </a>
            ))}
        </>
      }
    >
      {trouble && !lines ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {shown === undefined && !trouble ? <Loading label="Loading the log" lines={8} /> : null}
      {shown?.length === 0 && !more ? <Empty>{filter.text ? 'No line fits.' : 'Nothing has happened yet.'}</Empty> : null}
      {shown && shown.length > 0 ? <EventList lines={shown} /> : null}
      {more ? (
        <div className="flex justify-center border-t border-line p-3">
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={async () => {
              const all = await older();
              if (held && all) setHeld(all);
            }}
          >
            {busy ? 'Reading…' : filter.text ? 'Look further back' : 'Older lines'}
          </button>
        </div>
      ) : null}
    </Card>
  );
}
