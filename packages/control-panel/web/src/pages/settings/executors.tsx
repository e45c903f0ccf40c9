import { Hammer } from 'lucide-react';
import type { ExecutorRow } from '../../../../src/protocol/projects.ts';
import { Card, Loading, Trouble } from '../../parts/card.tsx';
import { changesApi } from '../../state/changes-api.ts';
import { legible } from '../../state/legible.ts';
import { useAnswer } from '../../state/use-answer.ts';

const STATES: Readonly<Record<ExecutorRow['state'], readonly [word: string, tone: string]>> = {
  ready: ['Ready', 'text-ok'],
  wrong: ['Cannot be used', 'text-bad'],
  no_folder: ['Not set up', 'text-dim'],
};

/** Who can do the hands-on work of changes to projects, and what is wrong with any of them. */
export function Executors() {
  const { data, trouble, again } = useAnswer('executors', (signal) => changesApi.executors(signal));
  return (
    <Card title="Executors of changes" icon={Hammer}>
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!data && !trouble ? <Loading label="Loading the executors" /> : null}
      <ul className="flex flex-col gap-2 px-4 pb-4 text-[12.5px] empty:hidden">
        {data?.executors.map((row) => (
          <li key={row.name} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
            <code className="break-all font-mono">{legible(row.name)}</code>
            <span className={`font-medium ${STATES[row.state][1]}`}>{STATES[row.state][0]}</span>
            <span className="col-span-2 break-words text-dim">{aboutOf(row)}</span>
          </li>
        ))}
        {data?.findings.map(({ field, problem, fix }, index) => (
          <li key={`finding ${index}`} className="border-t border-line pt-2">
            <code className="break-all font-mono">{legible(field)}</code> <span className="text-bad">{legible(problem)}</span>
            <span className="block break-words text-dim">{legible(fix)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function aboutOf({ state, folder, package: of, tried, protocol }: ExecutorRow): string {
  if (protocol === undefined) return "The residents' own loop";
  const where = state === 'no_folder' ? `Install ${of ?? 'it'} and name its folder in config/executors.json` : (folder ?? '');
  return legible([where, ...(tried.length > 0 ? [`tried with ${tried.join(', ')}`] : [])].join(' · '));
}
