// biome-ignore-all lint/a11y/useFocusableInteractive: rows of a table that is only read take no focus; what is in them does
// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be drawn row by row, only those in sight
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { Loading, Trouble } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Status } from '../../parts/status.tsx';
import { TaskLink } from '../../parts/task-line.tsx';
import { openAdd } from '../../shell/ui.ts';
import { usd } from '../../state/format.ts';
import { useName } from '../../state/world.ts';
import { BulkTasks } from './bulk-tasks.tsx';
import { type Filter, isFiltered } from './filter.ts';
import { useRows } from './use-rows.ts';

const ROW_HEIGHT = 58;
const COLUMNS =
  'grid grid-cols-[2rem_minmax(0,1fr)_auto] lg:grid-cols-[2rem_minmax(0,1fr)_8.5rem_9rem_10rem_6rem] items-center gap-x-3 px-3';

/** The list: only the rows in sight are drawn, older ones are loaded as one comes to them. */
export function TaskList({ filter }: { filter: Filter }) {
  const { rows, loaded, more, trouble, loadMore, again } = useRows(filter);
  if (trouble && !loaded)
    return (
      <div className="card">
        <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} />
      </div>
    );
  if (!loaded)
    return (
      <div className="card">
        <Loading label="Loading tasks" lines={6} />
      </div>
    );
  if (rows.length === 0) return <NoTasks filtered={isFiltered(filter)} />;
  return <Table rows={rows} filter={filter} more={more} onEnd={more ? loadMore : undefined} />;
}

interface TableProps extends Pick<BodyProps, 'rows' | 'onEnd'> {
  readonly filter: Filter;
  readonly more: boolean;
}

function Table({ rows, filter, more, onEnd }: TableProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const shown = rows.filter(({ id }) => picked.has(id));
  const all = shown.length === rows.length;
  const pick = (id: string) =>
    setPicked((former) => {
      const next = new Set(former);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <>
      <BulkTasks rows={rows} picked={shown} filter={filter} more={more} onClear={() => setPicked(new Set())} />
      <div role="table" aria-label="Tasks" aria-rowcount={more ? -1 : rows.length + 1} className="card overflow-hidden">
        <Head all={all} onAll={() => setPicked(all ? new Set() : new Set(rows.map(({ id }) => id)))} />
        <Body rows={rows} picked={picked} onPick={pick} onEnd={onEnd} />
      </div>
      {more ? <p className="mt-2 text-center text-[12.5px] text-dim">Older tasks are loaded as you scroll.</p> : null}
    </>
  );
}

function Head({ all, onAll }: { all: boolean; onAll: () => void }) {
  return (
    <div role="row" aria-rowindex={1} className={`${COLUMNS} h-10 border-b border-line text-[12.5px] font-medium text-dim`}>
      <span role="columnheader" aria-label="Select">
        <input
          type="checkbox"
          aria-label="Select all that are loaded"
          className="size-4 accent-leaf align-middle"
          checked={all}
          onChange={onAll}
        />
      </span>
      <span role="columnheader">Task</span>
      <span role="columnheader">Status</span>
      <span role="columnheader" className="max-lg:hidden">
        Resident
      </span>
      <span role="columnheader" className="max-lg:hidden">
        After
      </span>
      <span role="columnheader" className="text-right max-lg:hidden">
        Cost
      </span>
    </div>
  );
}

interface BodyProps {
  readonly rows: readonly TaskRow[];
  readonly picked: ReadonlySet<string>;
  readonly onPick: (id: string) => void;
  readonly onEnd: (() => void) | undefined;
}

function Body({ rows, picked, onPick, onEnd }: BodyProps) {
  const host = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => setTop(host.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd?.();
  }, [last, rows.length, onEnd]);
  return (
    <div ref={host} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const row = rows[item.index];
        if (!row) return null;
        return (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className={`${COLUMNS} absolute inset-x-0 top-0 h-[58px] border-b border-line ${picked.has(row.id) ? 'bg-leafbg' : 'hover:bg-leafbg/40'}`}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <Frame>
              <Cells row={row} picked={picked.has(row.id)} onPick={() => onPick(row.id)} />
            </Frame>
          </div>
        );
      })}
    </div>
  );
}

function Cells({ row, picked, onPick }: { row: TaskRow; picked: boolean; onPick: () => void }) {
  const nameOf = useName();
  return (
    <>
      <span role="cell">
        <input
          type="checkbox"
          aria-label={`Select ${row.title}`}
          className="size-4 accent-leaf align-middle"
          checked={picked}
          onChange={onPick}
        />
      </span>
      <span role="cell" className="min-w-0">
        <TaskLink row={row} className="block truncate" />
        <span className="block truncate font-mono text-[11.5px] text-dim">{row.id}</span>
      </span>
      <span role="cell">
        <Status status={row.status} held={row.hold !== undefined} />
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-2 max-lg:hidden">
        {row.resident ? (
          <>
            <Mark name={row.resident} size={20} />
            <span className="truncate">{nameOf(row.resident)}</span>
          </>
        ) : (
          <None />
        )}
      </span>
      <span role="cell" className="truncate text-dim max-lg:hidden" title={row.depends_on.join(', ')}>
        {row.depends_on.length > 0 ? row.depends_on.join(', ') : <None />}
      </span>
      <span role="cell" className="num text-right max-lg:hidden">
        {usd(row.spent_usd)}
      </span>
    </>
  );
}

function None() {
  return (
    <span className="text-dim">
      <span aria-hidden>—</span>
      <span className="sr-only">none</span>
    </span>
  );
}

function NoTasks({ filtered }: { filtered: boolean }) {
  return (
    <div className="card px-4 py-10 text-center">
      <p className="font-medium">{filtered ? 'No task fits' : 'No task yet'}</p>
      <p className="mt-1 text-dim">
        {filtered ? 'Try another filter or fewer words.' : 'Say what should be done, and a resident takes it on.'}
      </p>
      {filtered ? null : (
        <button type="button" className="btn btn-go mt-3" onClick={openAdd}>
          <Plus aria-hidden className="size-3.5" />
          Add the first task
        </button>
      )}
    </div>
  );
}
