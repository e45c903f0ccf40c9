import { CircleCheck, CircleDashed, CircleX, type LucideIcon, ShieldCheck } from 'lucide-react';
import type { GateRow } from '../../../../src/protocol/tasks.ts';
import { Card } from '../../parts/card.tsx';
import { Who, Word } from '../../parts/small.tsx';

const NAMES: Readonly<Record<GateRow['gate'], string>> = {
  vote: 'Blind vote',
  qa: 'QA',
  unit: 'Unit tests',
  integration: 'Integration',
  e2e: 'End to end',
};
const LOOKS: Readonly<Record<GateRow['verdict'], readonly [LucideIcon, string, string]>> = {
  pending: [CircleDashed, 'Not yet', 'text-dim'],
  passed: [CircleCheck, 'Passed', 'text-ok'],
  failed: [CircleX, 'Failed', 'text-bad'],
};

/** The quality gates of a change, in order: how each was decided, by whom, and on what. */
export function Gates({ gates }: { gates: readonly GateRow[] }) {
  return (
    <Card title="Gates" icon={ShieldCheck}>
      <ol className="flex flex-col divide-y divide-line pb-1">
        {gates.map((row) => (
          <Gate key={row.gate} row={row} />
        ))}
      </ol>
    </Card>
  );
}

function Gate({ row: { gate, verdict, evidence, by } }: { row: GateRow }) {
  const [icon, word, tone] = LOOKS[verdict];
  return (
    <li className="grid grid-cols-[6.5rem_5rem_1fr] items-baseline gap-x-3 gap-y-1 px-4 py-2">
      <span className="font-medium">{NAMES[gate]}</span>
      <Word icon={icon} tone={tone}>
        {word}
      </Word>
      <span className="flex min-w-0 flex-wrap gap-x-3 gap-y-1">
        {by.map((id) => (
          <Who key={id} id={id} size={16} />
        ))}
      </span>
      {evidence.map((words, index) => (
        <p key={index} className="col-span-3 break-words text-[12.5px] text-dim sm:col-start-2 sm:col-span-2">
          {words}
        </p>
      ))}
    </li>
  );
}
