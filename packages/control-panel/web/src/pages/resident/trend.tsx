import type { WorkDay } from '../../../../src/protocol/residents.ts';
import { usd } from '../../state/format.ts';

const DAYS = 14;
const HEIGHT = 44;
const BAR = 14;
const GAP = 6;

/** Approved and failed work, and its cost, by day. The words beside it say the same. */
export function Trend({ days }: { days: readonly WorkDay[] }) {
  const shown = days.slice(-DAYS);
  const most = Math.max(1, ...shown.map(({ approved, failed }) => approved + failed));
  const sum = shown.reduce(
    (all, day) => ({ approved: all.approved + day.approved, failed: all.failed + day.failed, cost: all.cost + day.cost_usd }),
    {
      approved: 0,
      failed: 0,
      cost: 0,
    },
  );
  const words = `${sum.approved} approved and ${sum.failed} failed in ${shown.length} ${shown.length === 1 ? 'day' : 'days'}, for ${usd(sum.cost)}`;
  const width = shown.length * (BAR + GAP);
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-1 px-4 pb-2">
      <svg role="img" aria-label={words} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} className="max-w-full">
        {shown.map(({ day, approved, failed }, index) => {
          const [good, bad] = [(approved / most) * HEIGHT, (failed / most) * HEIGHT];
          const x = index * (BAR + GAP);
          return (
            <g key={day}>
              <title>{`${day}: ${approved} approved, ${failed} failed`}</title>
              <rect x={x} y={HEIGHT - 2} width={BAR} height={2} className="fill-line" />
              <rect x={x} y={HEIGHT - good} width={BAR} height={good} rx={2} className="fill-leaf" />
              <rect x={x} y={HEIGHT - good - bad} width={BAR} height={bad} rx={2} className="fill-bad" />
            </g>
          );
        })}
      </svg>
      <p className="text-[12.5px] text-dim">{words}</p>
    </div>
  );
}
