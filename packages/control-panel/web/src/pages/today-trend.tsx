import { ChartLine } from 'lucide-react';
import { memo, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import type { Series } from '../charts/chart.tsx';
import { Card, Empty, Trouble } from '../parts/card.tsx';
import { late } from '../parts/late.tsx';
import { usd } from '../state/format.ts';
import { useAnswer } from '../state/use-answer.ts';
import { workApi } from '../state/work-api.ts';
import type { Picture } from '../state/world.ts';

const Chart = late(() => import('../charts/chart.tsx'));
const SPANS = [
  { name: '1 h', hours: 1 },
  { name: '6 h', hours: 6 },
  { name: '24 h', hours: 24 },
  { name: '7 d', hours: 168 },
] as const;
const LOOK_AGAIN_MS = 15_000;

/** Spend against the cap, how many tasks are open, and how many get done. */
export function Trend({ picture, className = '' }: { picture: Picture; className?: string }) {
  const [hours, setHours] = useState<number>(6);
  useEffect(() => void Chart.fetch(), []);
  const { counts, budget } = picture;
  // Also asked again when something was finished or spent, but not for every event of a busy world.
  const moment = `${hours}|${counts.approved + counts.failed}|${budget.spent_usd.toFixed(3)}`;
  const { data, trouble, again } = useAnswer(moment, (signal) => workApi.trend(hours, signal), LOOK_AGAIN_MS);
  return (
    <Card title="Over time" icon={ChartLine} className={className} aside={<Spans hours={hours} onChoose={setHours} />}>
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!trouble || data ? <Charts data={data} spent={budget.spent_usd} /> : null}
      {data && !data.complete ? <Empty>Tasks that were finished before the panel started are still being counted.</Empty> : null}
      {data && isQuiet(data.points) ? <Empty>Nothing came in and nothing was spent in this time.</Empty> : null}
    </Card>
  );
}

function Spans({ hours, onChoose }: { hours: number; onChoose: (hours: number) => void }) {
  return (
    <div role="group" aria-label="How far back" className="flex">
      {SPANS.map((span) => (
        <button
          key={span.name}
          type="button"
          aria-pressed={hours === span.hours}
          className={`rounded-md px-2 py-0.5 text-[12px] ${hours === span.hours ? 'bg-leafbg font-medium text-leaf' : 'text-dim hover:text-ink'}`}
          onClick={() => onChoose(span.hours)}
        >
          {span.name}
        </button>
      ))}
    </div>
  );
}

type Answer = Awaited<ReturnType<typeof workApi.trend>>;

/** Drawn when there is something new to draw, however often the page around it is. */
const Charts = memo(function Charts({ data, spent }: { data: Answer | undefined; spent: number }) {
  const columns = useMemo(() => (data ? columnsOf(data) : undefined), [data]);
  const open = columns?.open.at(-1) ?? 0;
  const cap = data?.cap_usd ?? 0;
  const done = columns ? doneWords(columns) : '';
  return (
    <div className="grid gap-x-6 gap-y-2 px-4 pb-3 sm:grid-cols-2 xl:grid-cols-3">
      <Panel title="Spent" value={usd(spent)} className="max-xl:sm:col-span-2">
        {columns ? (
          <Chart
            label={`Spend, ${usd(spent)} of a cap of ${usd(cap)}`}
            times={columns.times}
            atLeast={columns.nearCap ? cap : Math.max(0.001, columns.spentAtEnd * 1.5)}
            write={dollars}
            series={columns.spend}
          />
        ) : null}
      </Panel>
      <Panel title="Open tasks" value={open.toLocaleString()}>
        {columns ? (
          <Chart
            label={`Open tasks, ${open} at the end`}
            times={columns.times}
            atLeast={4}
            write={whole}
            series={columns.depth}
          />
        ) : null}
      </Panel>
      <Panel title="Finished" value={done}>
        {columns ? (
          <Chart label={`Finished tasks: ${done}`} times={columns.times} atLeast={4} write={whole} series={columns.done} />
        ) : null}
      </Panel>
    </div>
  );
});

function Panel(props: { title: string; value: string; className?: string; children: ReactNode }) {
  const { title, value, className = '', children } = props;
  return (
    <div className={`min-w-0 ${className}`}>
      <p className="flex items-baseline gap-2 text-[12.5px] text-dim">
        {title} <span className="num text-ink">{value}</span>
      </p>
      <div className="mt-1 min-h-[140px]">
        {children === null ? <Drawn /> : <Suspense fallback={<Drawn />}>{children}</Suspense>}
      </div>
    </div>
  );
}

/** Where a chart is going to be. */
function Drawn() {
  return <div role="status" aria-label="Drawing the chart" className="skeleton h-[140px] opacity-40" />;
}

function columnsOf({ points, cap_usd }: Answer) {
  const column = (pick: (point: Answer['points'][number]) => number) => points.map(pick);
  const [spent, open, approved] = [column((at) => at.spent_usd), column((at) => at.open), column((at) => at.approved)];
  const finished = column((at) => at.approved + at.failed);
  const spentAtEnd = spent.at(-1) ?? 0;
  // The cap's line is drawn where it does not press the curve flat.
  const nearCap = spentAtEnd * 5 > cap_usd;
  const limit: Series = { name: 'Cap', values: points.map(() => cap_usd), colour: 'bad', kind: 'limit' };
  const spend: Series[] = [{ name: 'Spent', values: spent, colour: 'leaf', kind: 'area' }, ...(nearCap ? [limit] : [])];
  const depth: Series[] = [{ name: 'Open', values: open, colour: 'info', kind: 'steps' }];
  const done: Series[] = [
    { name: 'All', values: finished, colour: 'bad', kind: 'bars' },
    { name: 'Approved', values: approved, colour: 'ok', kind: 'bars' },
  ];
  const times = points.map(({ at }) => Date.parse(at) / 1000);
  return { times, open, approved, finished, spentAtEnd, nearCap, spend, depth, done };
}

function isQuiet(points: Answer['points']): boolean {
  return points.every(({ added, approved, failed, open, spent_usd }) => added + approved + failed + open + spent_usd === 0);
}

function doneWords({ approved, finished }: { approved: readonly number[]; finished: readonly number[] }): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const good = sum(approved);
  const bad = sum(finished) - good;
  return `${good.toLocaleString()} approved${bad > 0 ? `, ${bad.toLocaleString()} not` : ''}`;
}

const whole = (value: number): string => (Number.isInteger(value) ? value.toLocaleString() : '');
const dollars = (value: number): string => `$${value < 0.1 && value > 0 ? Number(value.toFixed(4)) : value.toFixed(2)}`;
