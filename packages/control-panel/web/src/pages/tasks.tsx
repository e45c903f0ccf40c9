import { Plus, Search } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { TaskRow } from '../../../src/protocol.ts';
import { Loading, Trouble } from '../parts/card.tsx';
import { lookOf, Status } from '../parts/status.tsx';
import { TaskLink } from '../parts/task-line.tsx';
import { openAdd } from '../shell/ui.ts';
import { api, Refused, type TaskFilter } from '../state/api.ts';
import { usd } from '../state/format.ts';
import { useName, useWorld } from '../state/world.ts';

const FILTERS = [
  { name: 'All', status: '' },
  { name: 'Open', status: 'queued,in_progress,completed,pending_review,requeue' },
  { name: 'Approved', status: 'approved,ready_for_merge' },
  { name: 'Failed', status: 'failed,safety_blocked,cancelled' },
] as const;

/** Every task, newest first, a page at a time, kept in step with the feed. */
export default function TasksPage() {
  const [params, setParams] = useSearchParams();
  const status = params.get('status') ?? '';
  const text = params.get('text') ?? '';
  const set = (key: string, value: string) =>
    setParams((former) => {
      const next = new URLSearchParams(former);
      if (value) next.set(key, value);
      else next.delete(key);
      return next;
    });
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">Tasks</h1>
        <SearchField value={text} onChange={(value) => set('text', value)} />
        <div role="group" aria-label="Filter by status" className="flex flex-wrap gap-1">
          {FILTERS.map((filter) => (
            <button
              key={filter.name}
              type="button"
              aria-pressed={status === filter.status}
              className={`btn ${status === filter.status ? 'border-leaf bg-leafbg text-leaf' : ''}`}
              onClick={() => set('status', filter.status)}
            >
              {filter.name}
            </button>
          ))}
          {FILTERS.some((filter) => filter.status === status) ? null : (
            <span className="btn border-leaf bg-leafbg text-leaf">{wordsOf(status)}</span>
          )}
        </div>
      </div>
      <TaskList key={`${status}|${text}`} status={status} text={text} />
    </>
  );
}

function wordsOf(status: string): string {
  const words = status.split(',').map((one) => (isStatus(one) ? lookOf(one).word : one));
  return words.join(', ');
}

function isStatus(word: string): word is TaskRow['status'] {
  return /^(queued|in_progress|completed|pending_review|requeue|approved|ready_for_merge|failed|safety_blocked|cancelled)$/.test(
    word,
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => typed !== value && onChange(typed), 250);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative w-full sm:w-56">
      <Search aria-hidden className="absolute left-2.5 top-2 size-4 text-dim" />
      <input
        type="search"
        aria-label="Find tasks"
        placeholder="Find in id or prompt"
        className="field bg-panel pl-8"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}

type Loaded = { rows: readonly TaskRow[]; next: string | null };

function TaskList({ status, text }: { status: string; text: string }) {
  const [loaded, setLoaded] = useState<Loaded | undefined>();
  const [trouble, setTrouble] = useState<Refused | undefined>();
  const link = useWorld((world) => world.link);
  const load = useCallback(
    async (cursor?: string, signal?: AbortSignal) => {
      const filter: TaskFilter = { status, text, ...(cursor ? { cursor } : {}) };
      try {
        const page = await api.tasks(filter, signal);
        setTrouble(undefined);
        setLoaded((former) => ({ rows: cursor ? [...(former?.rows ?? []), ...page.tasks] : page.tasks, next: page.next_cursor }));
      } catch (error) {
        if (error instanceof Refused) setTrouble(error);
      }
    },
    [status, text],
  );
  // Loaded again when the connection comes back: what happened meanwhile may be more than the feed kept.
  useEffect(() => {
    const abort = new AbortController();
    if (link !== 'lost') void load(undefined, abort.signal);
    return () => abort.abort();
  }, [load, link]);
  const rows = useLiveRows(loaded?.rows, status, text);

  if (trouble && !loaded)
    return (
      <div className="card">
        <Trouble text={trouble.message} fix={trouble.fix} onRetry={() => load()} />
      </div>
    );
  if (!loaded)
    return (
      <div className="card">
        <Loading label="Loading tasks" lines={6} />
      </div>
    );
  if (rows.length === 0) return <NoTasks filtered={status !== '' || text !== ''} />;
  return (
    <>
      <TaskTable rows={rows} />
      {loaded.next ? (
        <div className="mt-3 flex justify-center">
          <button type="button" className="btn" onClick={() => load(loaded.next ?? undefined)}>
            Show older tasks
          </button>
        </div>
      ) : null}
    </>
  );
}

/** The loaded rows as the feed has changed them since, and those that came in meanwhile. */
function useLiveRows(rows: readonly TaskRow[] | undefined, status: string, text: string): readonly TaskRow[] {
  const touched = useWorld((world) => world.picture?.touched);
  if (!rows) return [];
  const statuses = status === '' ? undefined : new Set(status.split(','));
  const needle = text.toLowerCase();
  const fits = (row: TaskRow) =>
    (!statuses || statuses.has(row.status)) && (!needle || `${row.id} ${row.title}`.toLowerCase().includes(needle));
  const known = new Set(rows.map((row) => row.id));
  const newest = rows[0]?.added_at ?? '';
  const fresh = Object.values(touched ?? {}).filter(
    (row) => !known.has(row.id) && fits(row) && (row.added_at >= newest || statuses !== undefined),
  );
  const current = rows
    .map((row) => touched?.[row.id] ?? row)
    .filter((row) => !touched?.[row.id] || !statuses || statuses.has(row.status));
  return [...fresh.sort((a, b) => b.added_at.localeCompare(a.added_at)), ...current];
}

function NoTasks({ filtered }: { filtered: boolean }) {
  return (
    <div className="card px-4 py-8 text-center">
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

function TaskTable({ rows }: { rows: readonly TaskRow[] }) {
  const nameOf = useName();
  const head = 'px-4 py-2.5 text-left text-[12.5px] font-medium text-dim';
  return (
    <div className="card overflow-hidden">
      <table className="w-full">
        <thead className="max-md:sr-only">
          <tr className="border-b border-line">
            <th scope="col" className={head}>
              Task
            </th>
            <th scope="col" className={head}>
              Status
            </th>
            <th scope="col" className={`${head} max-lg:hidden`}>
              Resident
            </th>
            <th scope="col" className={`${head} max-lg:hidden`}>
              After
            </th>
            <th scope="col" className={`${head} text-right max-md:hidden`}>
              Cost
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.id} className="hover:bg-leafbg/40">
              <td className="px-4 py-2">
                <TaskLink row={row} className="line-clamp-2" />
                <p className="break-all font-mono text-[11.5px] text-dim">{row.id}</p>
              </td>
              <td className="px-4 py-2 align-middle max-md:text-right">
                <Status status={row.status} held={row.hold !== undefined} />
              </td>
              <td className="px-4 py-2 max-lg:hidden">{row.resident ? nameOf(row.resident) : <None />}</td>
              <td className="max-w-56 truncate px-4 py-2 text-dim max-lg:hidden">
                {row.depends_on.length > 0 ? row.depends_on.join(', ') : <None />}
              </td>
              <td className="num px-4 py-2 text-right max-md:hidden">{usd(row.spent_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
