import { FileDiff } from 'lucide-react';
import { Link } from 'wouter';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { Trouble } from '../../parts/card.tsx';
import { Plain } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';
import { changesApi } from '../../state/changes-api.ts';
import { legible } from '../../state/legible.ts';
import { useRead } from '../../state/society.ts';
import { Counts, StateWord, TierMark } from '../change/look.tsx';

/** A change that waits to land: for the person's word, or for their own edits to be out of its way. It is read on its own page. */
export function LandItem({ row }: { row: TaskRow }) {
  const { data, trouble, again } = useRead(`change ${row.id}`, (signal) => changesApi.show(row.id, signal), ['changes']);
  const sum = (side: 'added' | 'removed') => data?.files.reduce((total, file) => total + file[side], 0) ?? 0;
  return (
    <div className="flex flex-col gap-3 border-b border-line bg-bg/60 px-4 py-3">
      <Plain className="text-warn">{row.hold?.reason ?? ''}</Plain>
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {data ? (
        <>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="break-words font-medium">{data.title}</span>
            <StateWord state={data.state} approved={data.approval !== undefined} />
            <TierMark tier={data.tier} words />
            <span className="num text-[12px] text-dim">{data.files.length === 1 ? '1 file' : `${data.files.length} files`}</span>
            <Counts added={sum('added')} removed={sum('removed')} />
          </p>
          {data.held ? (
            <div>
              <p className="font-medium text-warn">
                {data.held.why === 'your_edits' ? 'Your edits are in the way:' : legible(data.held.because)}
              </p>
              <ul className="break-all font-mono text-[12px]">
                {data.held.paths.map((path) => (
                  <li key={path}>{legible(path)}</li>
                ))}
              </ul>
            </div>
          ) : null}
        </>
      ) : null}
      <Link href={`/changes/${inAddress(row.id)}`} className="btn btn-go self-start">
        <FileDiff aria-hidden className="size-3.5" />
        Look at the change
      </Link>
    </div>
  );
}
