import { createTwoFilesPatch } from 'diff';
import { DiffText } from './diff.tsx';

const MOST_CHARS = 200_000;
/** Lines that differ; the time it takes grows with their square. */
const MOST_EDITS = 2_000;

/** What changed between two texts. */
export default function Changes({ from, to, names }: { from: string; to: string; names: readonly [string, string] }) {
  if (from === to) return <p className="text-dim">The two are the same, word for word.</p>;
  if (from.length + to.length > MOST_CHARS) return <p className="text-dim">They are too long to compare here.</p>;
  const patch = createTwoFilesPatch(names[0], names[1], ended(from), ended(to), undefined, undefined, {
    context: 3,
    maxEditLength: MOST_EDITS,
  });
  if (patch === undefined) return <p className="text-dim">They have too little in common to compare here.</p>;
  return <DiffText text={patch.split('\n').slice(1).join('\n').trimEnd()} />;
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
