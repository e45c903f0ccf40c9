import { GitPullRequestArrow } from 'lucide-react';
import { Link } from 'wouter';
import type { ChangePage, ChangeRow, ChangeState } from '../../../src/protocol/changes.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Filters } from '../parts/fields.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { More, PageTitle, Tag, When, Who } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { changesApi } from '../state/changes-api.ts';
import { useRead } from '../state/society.ts';
import { useAddress } from '../state/use-address.ts';
import { useOlder } from '../state/use-older.ts';
import { Counts, StateWord, TierMark } from './change/look.tsx';

const GROUPS: readonly (readonly [name: string, words: string, states: readonly ChangeState[]])[] = [
  ['', 'All', []],
  ['open', 'On the way', ['working', 'handed_in', 'voting', 'qa', 'unit', 'integration', 'e2e', 'behind']],
  ['ready', 'Ready to land', ['ready_for_merge', 'landing']],
  ['landed', 'Landed', ['landed']],
  ['ended', 'Turned down', ['rejected', 'abandoned']],
];

/** What residents want to change in your projects, by where it stands. */
export default function ChangesPage() {
  const [params, set] = useAddress();
  const [group, , states] = GROUPS.find(([name]) => name === params.get('show')) ?? GROUPS[0] ?? ['', '', []];
  const query = { state: states.join(','), project: params.get('project') ?? '' };
  const key = `changes ${JSON.stringify(query)}`;
  const read = useRead(key, (signal) => changesApi.list(query, signal), ['changes']);
  const choices = GROUPS.map(([name, words, among]) => [name, `${words}${countOf(read.data, among)}`] as const);
  return (
    <>
      <PageTitle aside={<Filters label="Filter by state" choices={choices} value={group} onChange={(show) => set({ show })} />}>
        Changes
      </PageTitle>
      <Card
        title={query.project ? `Changes to ${query.project}` : 'Newest first'}
        icon={GitPullRequestArrow}
        aside={
          query.project ? (
            <button type="button" className="btn" onClick={() => set({ project: '' })}>
              All projects
            </button>
          ) : undefined
        }
      >
        <Reading read={read} label="Loading changes" lines={6}>
          {(page) => (
            <Rows key={key} first={page} more={(cursor) => changesApi.list({ ...query, cursor })} filtered={group !== ''} />
          )}
        </Reading>
      </Card>
    </>
  );
}

function countOf(page: ChangePage | undefined, states: readonly ChangeState[]): string {
  if (!page) return '';
  const all = Object.entries(page.counts);
  const sum = all
    .filter(([state]) => states.length === 0 || states.some((one) => one === state))
    .reduce((total, [, count]) => total + (count ?? 0), 0);
  return sum === 0 ? '' : ` ${sum}`;
}

interface RowsProps {
  readonly first: ChangePage;
  readonly more: (cursor: string) => Promise<ChangePage>;
  readonly filtered: boolean;
}

function Rows({ first, more: load, filtered }: RowsProps) {
  const { rows, more } = useOlder({ rows: first.changes, next: first.next_cursor }, async (cursor) => {
    const page = await load(cursor);
    return { rows: page.changes, next: page.next_cursor };
  });
  if (rows.length === 0)
    return (
      <Empty>
        {filtered ? 'There is none of these.' : 'There is no change yet. Add a task with a project, and a resident proposes one.'}
      </Empty>
    );
  return (
    <>
      <ul className="flex flex-col divide-y divide-line">
        {rows.map((row) => (
          <Frame key={row.change_id} as="li">
            <Row row={row} />
          </Frame>
        ))}
      </ul>
      {more ? <More onMore={more}>Show more changes</More> : null}
    </>
  );
}

function Row({ row }: { row: ChangeRow }) {
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-bg md:grid-cols-[minmax(0,1fr)_8.5rem_9rem_8rem_5rem] md:items-center">
      <span className="min-w-0">
        <Link href={`/changes/${inAddress(row.change_id)}`} className="break-words font-medium hover:text-leaf hover:underline">
          {row.title}
        </Link>
        <span className="flex flex-wrap items-center gap-x-2 text-[12px] text-dim">
          <Tag>{row.project}</Tag>
          <span className="break-all font-mono text-[11.5px]">{row.task_id}</span>
          {row.held ? (
            <span className="text-warn">
              {row.held.why === 'your_edits' ? 'your edits are in the way' : 'could not be landed'}
            </span>
          ) : null}
        </span>
      </span>
      <StateWord state={row.state} approved={row.approved} />
      <span className="min-w-0">{row.author ? <Who id={row.author} /> : null}</span>
      <span className="flex items-center gap-2">
        <TierMark tier={row.tier} />
        <span className="num text-[12px] text-dim">{row.files === 1 ? '1 file' : `${row.files} files`}</span>
        <Counts added={row.added} removed={row.removed} />
      </span>
      <When at={row.updated_at} className="md:text-right" />
    </li>
  );
}
