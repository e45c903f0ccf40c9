import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { ChangeFile, FileDiff } from '../../../../src/protocol/changes.ts';
import { CodeLine } from '../../parts/code-line.tsx';
import { bytes } from '../../state/format.ts';
import { legible } from '../../state/legible.ts';
import { type Row, rowsOf, type Side } from './rows.ts';

export type Form = 'unified' | 'split';
const ROW_PX = 20;

/** What is different in one file, line by line; only the lines in sight are drawn. */
export function Difference({ file, diff, form }: { file: ChangeFile; diff: FileDiff; form: Form }) {
  const rows = useMemo(() => rowsOf(diff, form), [diff, form]);
  if (diff.shown_as !== 'text') return <ByHash file={file} why={diff.shown_as} />;
  if (rows.length === 0) return <p className="px-4 pb-4 text-dim">{nothingIn(file)}</p>;
  return (
    <>
      <Lines rows={rows} name={file.path} />
      {diff.unended.map((side) => (
        <p key={side} className="border-t border-line px-4 py-1 text-[12px] text-dim">
          {side === 'before' ? 'Before, the' : 'The'} last line does not end.
        </p>
      ))}
    </>
  );
}

function Lines({ rows, name }: { rows: readonly Row[]; name: string }) {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 30,
  });
  return (
    <section
      ref={box}
      tabIndex={0}
      aria-label={`Difference of ${legible(name)}`}
      className="max-h-[70dvh] overflow-y-auto border-t border-line bg-bg font-mono text-[12px] leading-5"
      style={{ height: virtual.getTotalSize() + 1 }}
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <DrawnRow row={row} />
            </div>
          ) : null;
        })}
      </div>
    </section>
  );
}

function DrawnRow({ row }: { row: Row }) {
  if (row.kind === 'gap')
    return (
      <div className="border-y border-line bg-panel px-3 text-dim">
        {row.hidden === 1 ? '1 line that stayed' : `${row.hidden.toLocaleString()} lines that stayed`}
      </div>
    );
  if (row.kind === 'line')
    return (
      <div className={`flex ${TONES[row.line.sign]}`}>
        <LineNumber of={row.line} number={row.line.sign === '+' ? undefined : (row.other ?? row.line.number)} />
        <LineNumber of={row.line} number={row.line.sign === '-' ? undefined : row.line.number} />
        <Text side={row.line} />
      </div>
    );
  return (
    <div className="grid grid-cols-2 divide-x divide-line">
      {[row.left, row.right].map((side, index) => (
        <div key={index} className={`flex min-w-0 ${side ? TONES[side.sign] : 'bg-line/40'}`}>
          {side ? (
            <>
              <LineNumber of={side} number={side.number} />
              <Text side={side} />
            </>
          ) : null}
        </div>
      ))}
    </div>
  );
}

const TONES = { ' ': '', '+': 'bg-ok/12', '-': 'bg-bad/12' } as const;
const WORDS = { ' ': '', '+': 'added: ', '-': 'removed: ' } as const;

function LineNumber({ of, number }: { of: Side; number: number | undefined }) {
  return (
    <span
      aria-hidden
      className="w-11 shrink-0 select-none border-r border-line pr-1.5 text-right text-[11px] text-dim max-sm:w-8"
    >
      {of.more ? '↪' : (number ?? '')}
    </span>
  );
}

function Text({ side: { sign, text, more } }: { side: Side }) {
  return (
    <span className="flex min-w-0 flex-1">
      <span aria-hidden className="w-4 shrink-0 select-none text-center text-dim">
        {sign === '-' ? '−' : sign}
      </span>
      {sign === ' ' || more ? null : <span className="sr-only">{WORDS[sign]}</span>}
      <span className="min-w-0 flex-1 whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:4]">
        <CodeLine text={text} />
      </span>
    </span>
  );
}

function nothingIn({ before, after, change }: ChangeFile): string {
  if (before && after && before.mode !== after.mode) return `Only its mode changed, from ${before.mode} to ${after.mode}.`;
  return change === 'added'
    ? 'It is a new, empty file.'
    : change === 'deleted'
      ? 'It was empty, and is gone.'
      : 'No line is different.';
}

function ByHash({ file, why }: { file: ChangeFile; why: 'binary' | 'too_large' | 'later' }) {
  const because =
    why === 'binary' ? 'It is not a text' : why === 'too_large' ? 'It is larger than 512 KB' : 'It is still being read';
  return (
    <div className="flex flex-col gap-2 px-4 pb-4">
      <p>{because}: look at it with a program of your own before you say yes.</p>
      <dl className="grid grid-cols-[4rem_1fr] gap-x-3 gap-y-1 text-[12.5px]">
        {(
          [
            ['Before', file.before],
            ['After', file.after],
          ] as const
        ).map(([name, side]) => (
          <div key={name} className="contents">
            <dt className="text-dim">{name}</dt>
            <dd className="min-w-0 break-all">
              {side ? (
                <>
                  {bytes(side.bytes)}, mode {side.mode}, SHA-256 <code className="font-mono text-[11.5px]">{side.sha256}</code>
                </>
              ) : (
                'not there'
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
