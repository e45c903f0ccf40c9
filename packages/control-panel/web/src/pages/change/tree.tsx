import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ChangeFile } from '../../../../src/protocol/changes.ts';
import { legible } from '../../state/legible.ts';
import { Counts, TierMark } from './look.tsx';

const ROW_PX = 30;
type Entry = { readonly kind: 'folder'; readonly name: string } | { readonly kind: 'file'; readonly file: ChangeFile };

/** A change's files in the order in which they are looked at: the author's by folder, then the tests that QA brought. */
export function inOrder(files: readonly ChangeFile[]): readonly ChangeFile[] {
  const place = ({ by_qa, path }: ChangeFile) => `${by_qa ? 1 : 0}${folderOf(path)}\0${path}`;
  return files
    .map((file) => [place(file), file] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, file]) => file);
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

function entriesOf(files: readonly ChangeFile[]): readonly Entry[] {
  const entries: Entry[] = [];
  let last: string | undefined;
  for (const file of files) {
    const folder = folderOf(file.path);
    const name = file.by_qa ? `Brought by QA: ${folder || '/'}` : folder;
    if (name !== (last ?? '')) entries.push({ kind: 'folder', name });
    last = name;
    entries.push({ kind: 'file', file });
  }
  return entries;
}

interface Props {
  readonly files: readonly ChangeFile[];
  readonly chosen: string | undefined;
  readonly seen: ReadonlySet<string>;
  readonly onChoose: (file: ChangeFile) => void;
  readonly onTick: (file: ChangeFile) => void;
}

/** The files of a change with their tiers; each can be ticked once it was looked at. */
export function FileTree({ files, chosen, seen, onChoose, onTick }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const entries = entriesOf(files);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const at = entries.findIndex((entry) => entry.kind === 'file' && entry.file.path === chosen);
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at);
  }, [at, virtual]);
  return (
    <ul ref={box} aria-label="Changed files" className="relative max-h-56 overflow-y-auto lg:max-h-[70dvh]">
      <li aria-hidden style={{ height: virtual.getTotalSize() }} />
      {virtual.getVirtualItems().map((item) => {
        const entry = entries[item.index];
        if (!entry) return null;
        return (
          <li
            key={entry.kind === 'file' ? entry.file.path : `folder ${item.index}`}
            className="absolute inset-x-0 top-0 h-[30px]"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {entry.kind === 'folder' ? (
              <span title={legible(entry.name)} className="block truncate px-3 pt-2 font-mono text-[11.5px] text-dim">
                {legible(entry.name)}
              </span>
            ) : (
              <FileRow
                file={entry.file}
                here={entry.file.path === chosen}
                seen={seen.has(entry.file.path)}
                onChoose={() => onChoose(entry.file)}
                onTick={() => onTick(entry.file)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly file: ChangeFile;
  readonly here: boolean;
  readonly seen: boolean;
  readonly onChoose: () => void;
  readonly onTick: () => void;
}

function FileRow({ file, here, seen, onChoose, onTick }: RowProps) {
  const name = legible(file.path.slice(file.path.lastIndexOf('/') + 1));
  return (
    <div
      className={`flex h-full items-center gap-2 border-l-2 pl-2 pr-3 ${here ? 'border-leaf bg-leafbg' : 'border-transparent hover:bg-bg'}`}
    >
      <input
        type="checkbox"
        aria-label={`Seen: ${legible(file.path)}`}
        className="size-4 shrink-0 accent-leaf"
        checked={seen}
        onChange={onTick}
      />
      <button
        type="button"
        aria-current={here ? 'true' : undefined}
        title={legible(file.path)}
        className="flex min-w-0 flex-1 items-center gap-2 text-left"
        onClick={onChoose}
      >
        <TierMark tier={file.tier} />
        <span
          className={`min-w-0 flex-1 truncate font-mono text-[12px] ${here ? 'text-leaf' : ''} ${file.change === 'deleted' ? 'line-through' : ''}`}
        >
          {name}
        </span>
        {file.change === 'modified' ? null : <span className="text-[11.5px] text-dim">{WORDS[file.change]}</span>}
        {file.binary ? null : <Counts added={file.added} removed={file.removed} />}
      </button>
    </div>
  );
}

export const WORDS: Readonly<Record<ChangeFile['change'], string>> = {
  added: 'new',
  modified: 'changed',
  deleted: 'gone',
  renamed: 'renamed',
};
