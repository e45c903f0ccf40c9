import { ChartLine } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { Card, Empty, Trouble } from '../parts/card.tsx';
import { usd } from '../state/format.ts';
import { useAnswer } from '../state/use-answer.ts';
import { workApi } from '../state/work-api.ts';
import type { Picture } from '../state/world.ts';

const Chart = lazy(() => import('../charts/chart.tsx'));
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
  const { counts, budget } = picture;
  // Also asked again when something was finished or spent, but not for every event of a busy world.
  const moment = `${hours}|${counts.approved + counts.failed}|${budget.spent_usd.toFixed(3)}`;
  const { data, trouble, again } = useAnswer(moment, (signal) => workApi.trend(hours, signal), LOOK_AGAIN_MS);
  const shown = useMemo(() => (data ? columnsOf(data.points) : undefined), [data]);
  return (
    <Card
      title="Over time"
      icon={ChartLine}
      className={className}
      aside={
        <div role="group" aria-label="How far back" className="flex">
          {SPANS.map((span) => (
            <button
              key={span.name}
              type="button"
              aria-pressed={hours === span.hours}
              className={`rounded-md px-2 py-0.5 text-[12px] ${hours === span.hours ? 'bg-leafbg font-medium text-leaf' : 'text-dim hover:text-ink'}`}
              onClick={() => setHours(span.hours)}
            >
              {span.name}
            </button>
          ))}
        </div>
      }
    >
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!trouble || data ? (
        <div className="grid gap-x-6 gap-y-2 px-4 pb-3 sm:grid-cols-2 xl:grid-cols-3">
          <Panel title="Spent since the last reset" value={usd(budget.spent_usd)} className="max-xl:sm:col-span-2">
            {data && shown ? (
              <Chart
                label={`Spend, ${usd(budget.spent_usd)} of a cap of ${usd(data.cap_usd)}`}
                times={shown.times}
                atLeast={nearCap(budget) ? data.cap_usd : Math.max(0.001, budget.spent_usd * 1.5)}
                write={dollars}
                series={[
                  { name: 'Spent', values: shown.spent, colour: 'leaf', kind: 'area' },
                  ...(nearCap(budget)
                    ? [{ name: 'Cap', values: shown.times.map(() => data.cap_usd), colour: 'bad', kind: 'limit' } as const]
                    : []),
                ]}
              />
            ) : null}
          </Panel>
          <Panel title="Open tasks" value={(shown?.open.at(-1) ?? 0).toLocaleString()}>
            {shown ? (
              <Chart
                label={`Open tasks, ${shown.open.at(-1) ?? 0} at the end`}
                times={shown.times}
                atLeast={4}
                write={whole}
                series={[{ name: 'Open', values: shown.open, colour: 'info', kind: 'steps' }]}
              />
            ) : null}
          </Panel>
          <Panel title="Finished" value={shown ? doneWords(shown) : ''}>
            {shown ? (
              <Chart
                label={`Finished tasks: ${doneWords(shown)}`}
                times={shown.times}
                atLeast={4}
                write={whole}
                series={[
                  { name: 'All', values: shown.finished, colour: 'bad', kind: 'bars' },
                  { name: 'Approved', values: shown.approved, colour: 'ok', kind: 'bars' },
                ]}
              />
            ) : null}
          </Panel>
        </div>
      ) : null}
      {shown?.quiet ? <Empty>Nothing came in and nothing was spent in this time.</Empty> : null}
    </Card>
  );
}

/** The cap's line is drawn where it does not press the curve flat. */
const nearCap = ({ spent_usd, cap_usd }: Picture['budget']): boolean => spent_usd * 5 > cap_usd;

function Panel(props: { title: string; value: string; className?: string; children: ReactNode }) {
  const { title, value, className = '', children } = props;
  return (
    <div className={`min-w-0 ${className}`}>
      <p className="flex items-baseline gap-2 text-[12.5px] text-dim">
        {title} <span className="num text-ink">{value}</span>
      </p>
      <div className="mt-1 min-h-[140px]">
        <Suspense fallback={<div className="skeleton h-[140px] opacity-40" />}>{children}</Suspense>
      </div>
    </div>
  );
}

type Points = Awaited<ReturnType<typeof workApi.trend>>['points'];

function columnsOf(points: Points) {
  return {
    times: points.map(({ at }) => Date.parse(at) / 1000),
    spent: points.map(({ spent_usd }) => spent_usd),
    open: points.map(({ open }) => open),
    approved: points.map(({ approved }) => approved),
    finished: points.map(({ approved, failed }) => approved + failed),
    quiet: points.every(({ added, approved, failed, open, spent_usd }) => added + approved + failed + open + spent_usd === 0),
  };
}

function doneWords({ approved, finished }: { approved: readonly number[]; finished: readonly number[] }): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const good = sum(approved);
  const bad = sum(finished) - good;
  return `${good.toLocaleString()} approved${bad > 0 ? `, ${bad.toLocaleString()} not` : ''}`;
}

const whole = (value: number): string => (Number.isInteger(value) ? value.toLocaleString() : '');
const dollars = (value: number): string => `$${value < 0.1 && value > 0 ? value.toFixed(3) : value.toFixed(2)}`;
