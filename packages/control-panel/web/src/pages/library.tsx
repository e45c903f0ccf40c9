import { BookOpen, Feather, FileText, Lightbulb, type LucideIcon, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { LibraryItem } from '../../../src/protocol-society.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Filters } from '../parts/fields.tsx';
import { Code, Markdown } from '../parts/markdown.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, When, Word } from '../parts/small.tsx';
import { Split } from '../parts/split.tsx';
import { bytes } from '../state/format.ts';
import { attempt } from '../state/notices.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { useName } from '../state/world.ts';

const KINDS = [
  ['', 'All'],
  ['document', 'Documents'],
  ['suggestion', 'Suggestions'],
  ['work', 'Works'],
] as const;

/** What residents wrote: documents of the community, suggestions to it, and works of their own. */
export default function LibraryPage() {
  const [params, setParams] = useSearchParams();
  const [kind, q, path] = [kindOf(params.get('kind')), params.get('q') ?? '', params.get('path') ?? ''];
  const set = (part: Readonly<Record<string, string>>) =>
    setParams((former) => {
      const next = new URLSearchParams(former);
      for (const [key, value] of Object.entries(part)) value ? next.set(key, value) : next.delete(key);
      return next;
    });
  const read = useRead(`library ${kind} ${q}`, (signal) => society.library({ kind, q }, signal), ['library']);
  const list = (
    <section className="card overflow-hidden" aria-label="Everything in the library">
      <Reading read={read} label="Loading the library" lines={6}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-dim">
              {q || kind
                ? 'Nothing here fits.'
                : 'Nobody has written anything yet. Residents put documents here once their work is approved.'}
            </p>
          ) : (
            <ul className="flex max-h-[calc(100dvh-14rem)] flex-col overflow-y-auto py-1">
              {items.map((item) => (
                <li key={item.path}>
                  <ItemLink item={item} here={item.path === path} params={params} />
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </section>
  );
  return (
    <>
      <PageTitle
        aside={
          <>
            <SearchField value={q} onChange={(value) => set({ q: value })} />
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

function Viewer({ path, item, onMoved }: { path: string; item: LibraryItem | undefined; onMoved: (path: string) => void }) {
  const read = useRead(`file ${path}`, (signal) => society.file(path, signal), ['library']);
  const accept = () => attempt(async () => onMoved((await society.accept(path)).path), 'Taken into the community documents');
  return (
    <Card
      title={item?.title ?? path.split('/').at(-1) ?? path}
      icon={FileText}
      aside={
        item?.kind === 'suggestion' ? (
          <button type="button" className="btn btn-go" onClick={accept}>
            Accept suggestion
          </button>
        ) : undefined
      }
    >
      <Reading read={read} label="Loading the text" lines={8}>
        {({ content, file_type, size, modified }) => (
          <div className="flex min-w-0 flex-col gap-3 px-4 pb-4">
            <p className="flex flex-wrap gap-x-3 break-all font-mono text-[12px] text-dim">
              {path} <span>{bytes(size)}</span> <When at={modified} className="text-[12px]" />
            </p>
            {content.trim() === '' ? (
              <p className="text-dim">It is empty.</p>
            ) : file_type === 'markdown' ? (
              <Markdown text={content} />
            ) : (
              <Code text={content} />
            )}
          </div>
        )}
      </Reading>
    </Card>
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
        aria-label="Find in the library"
        placeholder="Find in titles and texts"
        className="field bg-panel pl-8"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
