import { CircleCheck, CircleDashed, CircleSlash, CircleX, FlaskConical, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ChangeDetail, TestRow } from '../../../../src/protocol/changes.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Word } from '../../parts/small.tsx';
import { legible } from '../../state/legible.ts';

type Result = NonNullable<TestRow['base']>;
const LOOKS: Readonly<Record<Result, readonly [LucideIcon, string, string]>> = {
  passed: [CircleCheck, 'Passed', 'text-ok'],
  failed: [CircleX, 'Failed', 'text-bad'],
  skipped: [CircleDashed, 'Skipped', 'text-warn'],
  missing: [CircleSlash, 'Missing', 'text-warn'],
};
const COLUMNS = [
  ['base', 'Base', 'The branch as it was'],
  ['new', 'New', 'The change on its own base'],
  ['integrated', 'Integrated', 'The change on the branch as it is, with others'],
  ['frozen', 'Frozen', "The new code under the base's tests"],
] as const;

/** How each test, by its name, went before and after. */
export function Tests({ matrix: { rows, total } }: Pick<ChangeDetail, 'matrix'>) {
  const [all, setAll] = useState(false);
  const differing = rows.filter(isTelling);
  const shown = all ? rows : differing;
  const hidden = rows.length - shown.length;
  return (
    <Card
      title="Tests by name"
      icon={FlaskConical}
      aside={<span className="num text-[12.5px] text-dim">{total.toLocaleString()} in all</span>}
    >
      {rows.length === 0 ? <Empty>No suite has run on it yet.</Empty> : null}
      {rows.length > 0 && shown.length === 0 ? (
        <p className="px-4 pb-3 text-dim">Every test went as it did on the base, and passed.</p>
      ) : null}
      {shown.length > 0 ? (
        <section tabIndex={0} aria-label="Tests by name and tree" className="max-h-[28rem] overflow-auto">
          <table className="w-full text-left text-[12.5px]">
            <thead className="sticky top-0 bg-panel text-dim">
              <tr>
                <th scope="col" className="px-4 py-1 font-medium">
                  Test
                </th>
                {COLUMNS.map(([key, name, meaning]) => (
                  <th key={key} scope="col" title={meaning} className="px-2 py-1 font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={`${row.suite}\0${row.name}`} className="border-t border-line align-top">
                  <th scope="row" className="min-w-40 break-words px-4 py-1 font-normal">
                    {legible(row.name)} <span className="text-dim">{row.suite}</span>
                  </th>
                  {COLUMNS.map(([key]) => (
                    <td key={key} className="px-2 py-1">
                      <ResultWord result={row[key]} absent={row.base === 'missing' && key !== 'new' && key !== 'integrated'} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {hidden > 0 || (all && differing.length < rows.length) ? (
        <button type="button" className="btn m-3 self-start" onClick={() => setAll(!all)}>
          {all ? 'Only those that tell something' : `Show ${hidden.toLocaleString()} that passed before and after`}
        </button>
      ) : null}
      {total > rows.length ? (
        <p className="px-4 pb-3 text-[12.5px] text-dim">The first {rows.length.toLocaleString()} are shown.</p>
      ) : null}
    </Card>
  );
}

/** One that passed wherever it ran, the base too, tells nothing new. */
const isTelling = ({ base, new: fresh, integrated, frozen }: TestRow): boolean =>
  base !== 'passed' || [fresh, integrated, frozen].some((result) => result !== undefined && result !== 'passed');

/** `absent`: a test that is new has nothing to say there. */
function ResultWord({ result, absent }: { result: Result | undefined; absent: boolean }) {
  if (result === 'missing' && absent) return <span className="text-dim">not there</span>;
  if (result === undefined)
    return (
      <span className="text-dim">
        <span aria-hidden>—</span>
        <span className="sr-only">not run</span>
      </span>
    );
  const [icon, word, tone] = LOOKS[result];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}
