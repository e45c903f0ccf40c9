import { BookOpen, Feather, FileText, Lightbulb, type LucideIcon } from 'lucide-react';
import { Link } from 'wouter';
import type { LibraryItem } from '../../../src/protocol/library.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Filters } from '../parts/fields.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { More, PageTitle, When, Word } from '../parts/small.tsx';
import { Split } from '../parts/split.tsx';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { useAddress } from '../state/use-address.ts';
import { useOlder } from '../state/use-older.ts';
import { useName } from '../state/world.ts';
import { Viewer } from './library/viewer.tsx';

const KINDS = [
  ['', 'All'],
  ['document', 'Documents'],
  ['suggestion', 'Suggestions'],
  ['work', 'Works'],
] as const;

/** What residents wrote: documents of the community, suggestions to it, and works of their own. */
export default function LibraryPage() {
  const [params, set] = useAddress();
  const [kind, q, path] = [kindOf(params.get('kind')), params.get('q') ?? '', params.get('path') ?? ''];
  const read = useRead(`library ${kind} ${q}`, (signal) => society.library({ kind, q }, signal), ['library']);
  const list = (
    <section className="card overflow-hidden" aria-label="Everything in the library">
      <Reading read={read} label="Loading the library" lines={6}>
        {(page) => <Documents key={`${kind} ${q}`} page={page} kind={kind} q={q} params={params} />}
      </Reading>
    </section>
  );
  return (
    <>
      <PageTitle
        aside={
          <>
            <SearchField
              label="Find in the library"
              placeholder="Find in titles and texts"
              value={q}
              onChange={(value) => set({ q: value })}
            />
            <Filters label="Filter by kind" choices={KINDS} value={kind} onChange={(value) => set({ kind: value })} />
          </>
        }
      >
        Library
      </PageTitle>
      <Split list={list} open={path !== ''} back="/library" backName="The whole library">
        {path === '' ? (
          <Card title="Library" icon={BookOpen}>
            <Empty>Choose something to read.</Empty>
          </Card>
        ) : (
          <Viewer
            key={path}
            path={path}
            item={read.data?.items.find((item) => item.path === path)}
            onMoved={(to) => set({ path: to })}
          />
        )}
      </Split>
    </>
  );
}

type Shown = Awaited<ReturnType<typeof society.library>>;
const pageOf = ({ items, next_cursor }: Shown) => ({ rows: items, next: next_cursor });

function Documents({ page, kind, q, params }: { page: Shown; kind: Kind; q: string; params: URLSearchParams }) {
  const { rows, more } = useOlder(pageOf(page), async (cursor) => pageOf(await society.library({ kind, q, cursor })));
  if (rows.length === 0)
    return (
      <p className="px-4 py-3 text-dim">
        {q || kind
          ? 'Nothing here fits.'
          : 'Nobody has written anything yet. Residents put documents here once their work is approved.'}
      </p>
    );
  return (
    <ul className="flex max-h-[calc(100dvh-14rem)] flex-col overflow-y-auto py-1">
      {rows.map((item) => (
        <li key={item.path}>
          <Frame>
            <ItemLink item={item} here={item.path === params.get('path')} params={params} />
          </Frame>
        </li>
      ))}
      {more ? (
        <li>
          <More onMore={more}>Show more of the library</More>
        </li>
      ) : null}
    </ul>
  );
}

type Kind = (typeof KINDS)[number][0];
const kindOf = (text: string | null): Kind => KINDS.find(([kind]) => kind === text)?.[0] ?? '';

const LOOKS: Readonly<Record<LibraryItem['kind'], readonly [LucideIcon, string, string]>> = {
  document: [FileText, 'Document', 'text-dim'],
  suggestion: [Lightbulb, 'Suggestion', 'text-warn'],
  work: [Feather, 'Work', 'text-leaf'],
};

function ItemLink({ item, here, params }: { item: LibraryItem; here: boolean; params: URLSearchParams }) {
  const nameOf = useName();
  const [icon, word, tone] = LOOKS[item.kind];
  const query = new URLSearchParams(params);
  query.set('path', item.path);
  return (
    <Link
      href={`/library?${query}`}
      aria-current={here ? 'true' : undefined}
      className={`flex flex-col gap-0.5 border-l-2 px-3 py-2 ${here ? 'border-leaf bg-leafbg' : 'border-transparent hover:bg-bg'}`}
    >
      <span className="break-words font-medium">{item.title}</span>
      <span className="flex items-center gap-2 text-[12.5px] text-dim">
        <Word icon={icon} tone={tone}>
          {word}
        </Word>
        {item.author ? <span className="min-w-0 truncate">{nameOf(item.author)}</span> : null}
        <When at={item.modified} className="ml-auto text-[12px]" />
      </span>
    </Link>
  );
}
