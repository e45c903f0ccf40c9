import { FileText } from 'lucide-react';
import type { LibraryItem } from '../../../../src/protocol/library.ts';
import { Card } from '../../parts/card.tsx';
import { Code, Markdown } from '../../parts/markdown.tsx';
import { Reading } from '../../parts/reading.tsx';
import { When } from '../../parts/small.tsx';
import { bytes } from '../../state/format.ts';
import { attempt } from '../../state/notices.ts';
import { useRead } from '../../state/society.ts';
import { society } from '../../state/society-api.ts';

/** One document, and for a suggestion the way into the library. */
export function Viewer({
  path,
  item,
  onMoved,
}: {
  path: string;
  item: LibraryItem | undefined;
  onMoved: (path: string) => void;
}) {
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
