import { Long } from './long.tsx';

/** A unified diff, line by line; each kind has its sign, its word for a reader that speaks, and its colour. */
export function DiffText({ text }: { text: string }) {
  return (
    <Long text={text}>
      {(shown) => (
        <pre
          tabIndex={0}
          className="max-h-[28rem] overflow-auto rounded-lg border border-line bg-bg py-2 font-mono text-[12.5px] leading-5"
        >
          {shown.split('\n').map((line, index) => (
            <span key={index} className={`block min-w-max whitespace-pre px-3 ${toneOf(line)}`}>
              {line === '' ? ' ' : line}
            </span>
          ))}
        </pre>
      )}
    </Long>
  );
}

function toneOf(line: string): string {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('diff ')) return 'font-medium text-dim';
  if (line.startsWith('@@')) return 'text-info';
  if (line.startsWith('+')) return 'bg-ok/10 text-ok';
  if (line.startsWith('-')) return 'bg-bad/10 text-bad';
  return '';
}
