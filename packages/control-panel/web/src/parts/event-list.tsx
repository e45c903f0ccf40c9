import { memo } from 'react';
import { Link } from 'wouter';
import { KIND_WORDS, spaced } from '../../../src/world/words.ts';
import { inAddress } from '../state/address.ts';
import { localTime, shortTime } from '../state/format.ts';
import { markOf, type NumberedLine, useName } from '../state/world.ts';
import { Frame } from './frame.tsx';
import { Mark } from './mark.tsx';

/** What happened, one line each; the newest stands where the caller puts it. */
export function EventList({ lines, showTask = true }: { lines: readonly NumberedLine[]; showTask?: boolean }) {
  const nameOf = useName();
  return (
    <ol className="flex flex-col pb-2">
      {lines.map((line) => (
        <Frame key={line.key} as="li">
          <EventLine line={line} actor={nameOf(line.actor)} showTask={showTask} />
        </Frame>
      ))}
    </ol>
  );
}

/** A line never changes, so that a busy world only draws the new ones. */
const EventLine = memo(function EventLine({ line, actor, showTask }: { line: NumberedLine; actor: string; showTask: boolean }) {
  const task = showTask ? line.task_id : undefined;
  return (
    <li className="grid grid-cols-[auto_auto_1fr] items-start gap-x-2.5 px-4 py-1 sm:grid-cols-[4.5rem_1.25rem_7.5rem_1fr]">
      <time dateTime={line.at} title={localTime(line.at)} className="font-mono text-[12px] text-dim">
        {shortTime(line.at)}
      </time>
      <Mark name={markOf(line.actor)} size={18} />
      <span className="truncate text-[12.5px] text-dim" title={`${actor}: ${kindOf(line)}`}>
        {actor}
      </span>
      <span className="col-span-3 min-w-0 break-words sm:col-span-1">
        {task ? (
          <>
            <Link href={`/tasks/${inAddress(task)}`} className="font-medium hover:text-leaf hover:underline">
              {task}
            </Link>{' '}
          </>
        ) : null}
        <span className={task ? 'text-dim' : ''}>{line.text}</span>
      </span>
    </li>
  );
});

/** What kind of thing it was: the name of a task's event, or the kind of an act. */
function kindOf({ source, kind }: NumberedLine): string {
  return source === 'task' ? spaced(kind.replace(/^task_/, '')) : (KIND_WORDS[kind] ?? spaced(kind.toLowerCase()));
}
