import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { Loading, Trouble } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Status } from '../../parts/status.tsx';
import { TaskLink } from '../../parts/task-line.tsx';
import { usd } from '../../state/format.ts';
import { beginningOf, legible } from '../../state/legible.ts';
import { statusesThatEnd } from '../../state/status.ts';
import { useName } from '../../state/world.ts';
import { choiceOf, type Filter } from './filter.ts';
import { useRows } from './use-rows.ts';

const COLUMNS: readonly { readonly name: string; readonly status: string; readonly held?: string }[] = [
  { name: 'Waiting', status: 'queued,requeue', held: 'false' },
  { name: 'Working', status: 'in_progress,completed' },
  { name: 'Needs you', status: choiceOf(statusesThatEnd('open')), held: 'true' },
  { name: 'Approved', status: choiceOf(statusesThatEnd('well')) },
  { name: 'Ended', status: choiceOf(statusesThatEnd('badly')) },
];

/** Tasks by state, side by side; each column shows its newest. */
export function Board({ filter }: { filter: Filter }) {
  return (
    <div tabIndex={0} role="region" aria-label="Tasks by state" className="-mx-4 overflow-x-auto px-4 pb-2 md:-mx-6 md:px-6">
      <div className="grid min-w-[64rem] grid-cols-5 items-start gap-3">
        {COLUMNS.map((column) => (
          <Column key={column.name} column={column} filter={filter} />
        ))}
      </div>
    </div>
  );
}

function Column({ column, filter }: { column: (typeof COLUMNS)[number]; filter: Filter }) {
  const { rows, loaded, more, trouble, loadMore, again } = useRows(
    { ...filter, status: column.status, held: column.held ?? '' },
    '25',
  );
  return (
    <section aria-label={column.name} className="min-w-0 rounded-xl border border-line p-2">
      <h2 className="flex items-center gap-2 px-1.5 pb-2 text-[12.5px] font-medium text-dim">
        {column.name}
        <span className="num ml-auto text-ink">{loaded ? `${rows.length}${more ? '+' : ''}` : ''}</span>
      </h2>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <Frame key={row.id} as="li">
            <Sheet row={row} />
          </Frame>
        ))}
      </ul>
      {trouble && !loaded ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {loaded || trouble ? null : <Loading label={`Loading ${column.name}`} lines={2} />}
      {loaded && rows.length === 0 ? <p className="px-1.5 py-3 text-[12.5px] text-dim">None</p> : null}
      {more ? (
        <button type="button" className="btn mt-2 w-full" onClick={loadMore}>
          Show more
        </button>
      ) : null}
    </section>
  );
}

function Sheet({ row }: { row: TaskRow }) {
  const nameOf = useName();
  return (
    <li className="card p-2.5">
      <TaskLink row={row} className="line-clamp-3" />
      {row.hold || row.reason ? (
        <p className="mt-1 line-clamp-2 break-words text-[12px] text-dim">
          {legible(beginningOf(row.hold?.reason ?? row.reason ?? ''))}
        </p>
      ) : null}
      <div className="mt-2 flex items-center gap-2 text-[12px] text-dim">
        {row.resident ? (
          <>
            <Mark name={row.resident} size={16} />
            <span className="truncate">{nameOf(row.resident)}</span>
          </>
        ) : (
          <Status status={row.status} held={row.hold !== undefined} />
        )}
        <span className="num ml-auto">{usd(row.spent_usd)}</span>
      </div>
    </li>
  );
}
