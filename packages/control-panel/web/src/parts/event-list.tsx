import { Link } from 'wouter';
import { localTime, shortTime } from '../state/format.ts';
import { type NumberedLine, useName } from '../state/world.ts';
import { Mark } from './mark.tsx';

/** What happened, one line each; the newest stands where the caller puts it. */
export function EventList({ lines, showTask = true }: { lines: readonly NumberedLine[]; showTask?: boolean }) {
  const nameOf = useName();
  return (
    <ol className="flex flex-col pb-2">
      {lines.map((line) => (
        <li
          key={line.key}
          className="grid grid-cols-[auto_auto_1fr] items-start gap-x-2.5 px-4 py-1 sm:grid-cols-[4.5rem_1.25rem_7.5rem_1fr]"
        >
          <time dateTime={line.at} title={localTime(line.at)} className="font-mono text-[12px] text-dim">
            {shortTime(line.at)}
          </time>
          <span title={nameOf(line.actor)}>
            <Mark name={line.actor} size={18} />
            <span className="sr-only">{nameOf(line.actor)}</span>
          </span>
          <span className="truncate font-mono text-[12px] text-dim">{line.kind.replace(/^task_/, '')}</span>
          <span className="col-span-3 min-w-0 break-words sm:col-span-1">
            {showTask && line.task_id ? (
              <>
                <Link href={`/tasks/${encodeURIComponent(line.task_id)}`} className="font-medium hover:text-leaf hover:underline">
                  {line.task_id}
                </Link>{' '}
              </>
            ) : null}
            <span className={showTask && line.task_id ? 'text-dim' : ''}>{line.text}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
