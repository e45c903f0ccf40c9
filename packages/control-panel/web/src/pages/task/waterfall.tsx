import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Empty } from '../../parts/card.tsx';
import { took, usd } from '../../state/format.ts';
import { useNow } from '../../state/now.ts';
import { attemptsOf, type Stretch } from './phases.ts';

const TONES = { wait: 'fill-line', work: 'fill-leaf', check: 'fill-info', bad: 'fill-bad' } as const;

/** How a task went: one row a phase, on the time of its attempt, with what it took and cost. */
export function Waterfall({ detail }: { detail: TaskDetail }) {
  const attempts = attemptsOf(detail);
  if (attempts.length === 0) return <Empty>It has not begun.</Empty>;
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      {attempts.map(({ attempt, stretches }) => (
        <div key={attempt}>
          {attempts.length > 1 ? <h3 className="mb-1 text-[12.5px] font-medium text-dim">Attempt {attempt}</h3> : null}
          <Rows stretches={stretches} />
        </div>
      ))}
    </div>
  );
}

function Rows({ stretches }: { stretches: readonly Stretch[] }) {
  const now = useNow();
  const end = (stretch: Stretch) => stretch.until ?? Math.max(now, stretch.from);
  // The axis is that of the work: a long wait before it is cut short, so that the work stays legible.
  const work = stretches.filter(({ tone }) => tone !== 'wait');
  const from = Math.min(...(work.length > 0 ? work : stretches).map((each) => each.from));
  const until = Math.max(...(work.length > 0 ? work : stretches).map(end));
  const whole = Math.max(1, until - from);
  return (
    <ul className="flex flex-col gap-1">
      {stretches.map((stretch, index) => {
        const start = clamp((stretch.from - from) / whole);
        const stop = clamp((end(stretch) - from) / whole);
        return (
          <li
            key={index}
            className="grid grid-cols-[6.5rem_minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[7rem_minmax(6rem,14rem)_minmax(0,1fr)_auto]"
          >
            <span className="truncate" title={stretch.name}>
              {stretch.name}
            </span>
            <Bar start={start} stop={stop} tone={stretch.tone} />
            <span className="truncate text-[12.5px] text-dim max-sm:order-last max-sm:col-span-3" title={stretch.note}>
              {stretch.note}
            </span>
            <span className="num whitespace-nowrap text-right text-[12.5px] text-dim">
              {stretch.cost ? `${usd(stretch.cost)} · ` : ''}
              {stretch.until === undefined ? `${took(end(stretch) - stretch.from)}…` : took(stretch.until - stretch.from)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Bar({ start, stop, tone }: { start: number; stop: number; tone: Stretch['tone'] }) {
  const width = Math.max(1.2, (stop - start) * 100);
  return (
    <svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" className="h-3.5 w-full">
      <rect width="100" height="10" rx="1" className="fill-bg" />
      <rect x={Math.min(100 - width, start * 100)} width={width} height="10" rx="1" className={`${TONES[tone]} opacity-80`} />
    </svg>
  );
}

const clamp = (part: number): number => Math.min(1, Math.max(0, part));
