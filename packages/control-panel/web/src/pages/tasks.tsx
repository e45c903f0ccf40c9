import { FileUp, LayoutGrid, List, Waypoints } from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { Loading } from '../parts/card.tsx';
import { late } from '../parts/late.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useAddress } from '../state/use-address.ts';
import { useWorld } from '../state/world.ts';
import { Board } from './tasks/board.tsx';
import { FILTERS, type Filter, filterOf } from './tasks/filter.ts';
import { ImportDialog } from './tasks/import-dialog.tsx';
import { TaskList } from './tasks/list.tsx';

const Graph = late(() => import('./tasks/graph.tsx'));
const VIEWS = [
  { name: 'List', view: '', icon: List },
  { name: 'Board', view: 'board', icon: LayoutGrid },
  { name: 'Graph', view: 'graph', icon: Waypoints },
] as const;

/** Every task: as a list, by state, or by what waits for what. The address holds the whole choice. */
export default function TasksPage() {
  const [params, set] = useAddress();
  const view = params.get('view') ?? '';
  const filter = filterOf(params);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">Tasks</h1>
        <div role="group" aria-label="How to show them" className="flex gap-1">
          {VIEWS.map((each) => (
            <Toggle key={each.name} on={view === each.view} onClick={() => set({ view: each.view })}>
              <each.icon aria-hidden className="size-3.5" />
              {each.name}
            </Toggle>
          ))}
        </div>
        <button type="button" className="btn" onClick={() => set({ import: '1' })}>
          <FileUp aria-hidden className="size-3.5" />
          Import
        </button>
      </div>
      {view === 'graph' ? null : <Filters filter={filter} withStatus={view !== 'board'} set={set} />}
      {view === 'board' ? <Board filter={filter} /> : null}
      {view === 'graph' ? (
        <Suspense fallback={<GraphComing />}>
          <Graph focus={params.get('focus') ?? ''} levels={Number(params.get('levels') ?? 3)} set={set} />
        </Suspense>
      ) : null}
      {view === '' ? <TaskList key={JSON.stringify(filter)} filter={filter} /> : null}
      <ImportDialog open={params.has('import')} onClose={() => set({ import: '' })} />
    </>
  );
}

function GraphComing() {
  return (
    <div className="card">
      <Loading label="Loading the graph" lines={6} />
    </div>
  );
}

function Toggle({ on, onClick, children }: { on: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" aria-pressed={on} className={`btn ${on ? 'border-leaf bg-leafbg text-leaf' : ''}`} onClick={onClick}>
      {children}
    </button>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly withStatus: boolean;
  readonly set: (changes: Readonly<Record<string, string>>) => void;
}

function Filters({ filter, withStatus, set }: FiltersProps) {
  const identities = useWorld((world) => world.picture?.identities) ?? [];
  const known = FILTERS.some(({ status, held }) => status === filter.status && held === filter.held);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField label="Find tasks" placeholder="Find in id or prompt" value={filter.text} onChange={(text) => set({ text })} />
      <select
        aria-label="Resident"
        className="field w-auto bg-panel"
        value={filter.resident}
        onChange={(event) => set({ resident: event.target.value })}
      >
        <option value="">Every resident</option>
        {identities.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {filter.resident && !identities.some(({ id }) => id === filter.resident) ? <option>{filter.resident}</option> : null}
      </select>
      <select
        aria-label="Cost"
        className="field w-auto bg-panel"
        value={filter.min_cost}
        onChange={(event) => set({ min_cost: event.target.value })}
      >
        <option value="">Any cost</option>
        {['0.001', '0.01', '0.05', '0.1', '0.5', '1'].map((least) => (
          <option key={least} value={least}>
            ${least} or more
          </option>
        ))}
      </select>
      {withStatus ? (
        <div role="group" aria-label="Filter by status" className="flex flex-wrap gap-1">
          {FILTERS.map(({ name, status, held }) => (
            <Toggle key={name} on={filter.status === status && filter.held === held} onClick={() => set({ status, held })}>
              {name}
            </Toggle>
          ))}
          {known ? null : (
            <Toggle on onClick={() => set({ status: '', held: '' })}>
              {filter.words}
            </Toggle>
          )}
        </div>
      ) : null}
    </div>
  );
}
