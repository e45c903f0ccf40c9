import { useState } from 'react';
import type { OutputPreview } from '../../../src/protocol/tasks.ts';
import { inAddress } from '../state/address.ts';
import { DiffText } from './diff.tsx';
import { Frame } from './frame.tsx';
import { Code, Markdown } from './markdown.tsx';

/** What a task gave, drawn as what it is; its plain text is one press away. */
export function OutputText({ output }: { output: OutputPreview }) {
  const [plain, setPlain] = useState(false);
  const { text, format, artifact } = output;
  if (artifact && isPicture(artifact.path)) return <Picture path={artifact.path} />;
  if (text.trim() === '') return <p className="text-dim">The output is empty.</p>;
  return (
    <div className="min-w-0">
      {plain || format === 'text' ? (
        <Code text={text} />
      ) : (
        <Frame instead={<Code text={text} />}>
          <Drawn text={text} format={format} />
        </Frame>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-[12.5px] text-dim">
        {output.cut ? <span>Only the beginning is shown.</span> : null}
        {artifact ? <span className="break-all font-mono text-[11.5px]">{artifact.path}</span> : null}
        {format === 'text' ? null : (
          <button type="button" className="ml-auto hover:text-leaf hover:underline" onClick={() => setPlain(!plain)}>
            {plain ? 'Show it drawn' : 'Show it as plain text'}
          </button>
        )}
      </div>
    </div>
  );
}

function Drawn({ text, format }: { text: string; format: Exclude<OutputPreview['format'], 'text'> }) {
  if (format === 'markdown') return <Markdown text={text} />;
  return format === 'diff' ? <DiffText text={text} /> : <Code text={pretty(text)} />;
}

/** Each level indents every line below it: far down, that is more blanks than text. */
const MOST_LEVELS = 40;

function pretty(text: string): string {
  try {
    return levelsOf(text) > MOST_LEVELS ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** How deep brackets stand in each other, those in strings counted too. */
function levelsOf(text: string): number {
  let [level, deepest] = [0, 0];
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    level += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
}

function isPicture(path: string): boolean {
  return /\.(png|jpe?g|gif|webp)$/i.test(path);
}

function Picture({ path }: { path: string }) {
  const name = path.split('/').at(-1) ?? path;
  return (
    <img
      src={`/api/artifact/picture?path=${inAddress(path)}`}
      alt={name}
      loading="lazy"
      className="max-h-[28rem] max-w-full rounded-lg border border-line bg-bg"
    />
  );
}
