import { useState } from 'react';
import type { OutputPreview } from '../../../src/protocol.ts';
import { DiffText } from './diff.tsx';
import { Code, Markdown } from './markdown.tsx';

/** What a task gave, drawn as what it is; its plain text is one press away. */
export function OutputText({ output }: { output: OutputPreview }) {
  const [plain, setPlain] = useState(false);
  const { text, format, artifact } = output;
  if (artifact && isPicture(artifact.path)) return <Picture path={artifact.path} />;
  if (text.trim() === '') return <p className="text-dim">The output is empty.</p>;
  return (
    <div className="min-w-0">
      {plain || format === 'text' ? <Code text={text} /> : <Drawn text={text} format={format} />}
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

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function isPicture(path: string): boolean {
  return /\.(png|jpe?g|gif|webp)$/i.test(path);
}

function Picture({ path }: { path: string }) {
  const name = path.split('/').at(-1) ?? path;
  return (
    <img
      src={`/api/artifact/picture?path=${encodeURIComponent(path)}`}
      alt={name}
      loading="lazy"
      className="max-h-[28rem] max-w-full rounded-lg border border-line bg-bg"
    />
  );
}
