import { BookOpen, ClipboardCheck, History, MessageSquareText } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ChangeDetail } from '../../../../src/protocol/changes.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Check } from '../../parts/check.tsx';
import { Frame } from '../../parts/frame.tsx';
import { More, Plain } from '../../parts/small.tsx';
import { shortTime } from '../../state/format.ts';
import { legible } from '../../state/legible.ts';

/** What its author says of it, and what it says it took away. */
export function Summary({ detail: { summary, prediction, removed_tests, reasons } }: { detail: ChangeDetail }) {
  return (
    <Card title="What its author says" icon={MessageSquareText}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        {summary === '' ? <p className="text-dim">It is being worked on.</p> : <Plain>{summary}</Plain>}
        {prediction ? <Plain className="text-dim">{`Expected: ${prediction}`}</Plain> : null}
        {removed_tests.length > 0 ? (
          <div>
            <h3 className="text-[12.5px] font-medium text-warn">Tests that it takes away</h3>
            <ul className="mt-0.5 list-disc pl-5">
              {removed_tests.map(({ name, because }) => (
                <li key={name} className="break-words">
                  <span className="font-mono text-[12px]">{legible(name)}</span>: {legible(because)}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        {reasons.length > 0 ? (
          <div>
            <h3 className="text-[12.5px] font-medium text-dim">Reasons so far</h3>
            <ul className="mt-0.5 list-disc pl-5">
              {reasons.map((reason, index) => (
                <li key={index}>
                  <Plain>{reason}</Plain>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
    </Card>
  );
}

/** What the runtime itself saw, each bound to the tree it looked at. */
export function Witnesses({ detail: { checks, tree, base_tree } }: { detail: ChangeDetail }) {
  const where = (of: string) =>
    of === tree ? '' : of === base_tree ? ' (the base)' : ` (tree ${of.slice(0, 12)}, not this one)`;
  const ordered = [...checks].sort((a, b) => Number(a.passed) - Number(b.passed));
  return (
    <Card title="What the runtime saw" icon={ClipboardCheck}>
      {checks.length === 0 ? <Empty>Nothing was examined yet.</Empty> : null}
      <ul aria-label="Witnesses" className="flex flex-col gap-1.5 px-4 pb-4 empty:hidden">
        {ordered.map((check, index) => (
          <Check
            key={index}
            passed={check.passed}
            name={check.suite ? `${check.rule} · ${check.suite}` : check.rule}
            detail={`${check.detail}${where(check.tree)}`}
            weak={check.passed && check.tree !== tree}
            exact
          />
        ))}
      </ul>
    </Card>
  );
}

/** What was read while it was made: words of others may have led the author. */
export function Origins({ origins }: Pick<ChangeDetail, 'origins'>) {
  if (origins.length === 0) return null;
  return (
    <Card
      title="What was read while it was made"
      icon={BookOpen}
      aside={<span className="num text-[12.5px] text-dim">{origins.length}</span>}
    >
      <Some rows={origins} className="px-4 pb-4 font-mono text-[12px]">
        {(origin) => <span className="break-all">{legible(origin)}</span>}
      </Some>
    </Card>
  );
}

export function ChangeHistory({ history }: Pick<ChangeDetail, 'history'>) {
  return (
    <Card title="What happened" icon={History}>
      <Some rows={history.toReversed()} className="flex flex-col divide-y divide-line pb-1">
        {({ at, text }) => (
          <div className="grid gap-x-3 px-4 py-1.5 sm:grid-cols-[6.5rem_1fr]">
            <time dateTime={at} className="num text-[12px] text-dim">
              {shortTime(at)}
            </time>
            <span className="min-w-0 break-words">{legible(text)}</span>
          </div>
        )}
      </Some>
    </Card>
  );
}

const MOST = 20;

/** A list's first rows; the others when somebody asks for them. */
function Some<T>({ rows, className, children }: { rows: readonly T[]; className: string; children: (row: T) => ReactNode }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, MOST);
  return (
    <>
      <ul className={className}>
        {shown.map((row, index) => (
          <Frame key={index} as="li">
            <li>{children(row)}</li>
          </Frame>
        ))}
      </ul>
      {shown.length < rows.length ? <More onMore={() => setAll(true)}>Show all {rows.length.toLocaleString()}</More> : null}
    </>
  );
}
