import { CalendarDays, Coins, Cpu, Hourglass, ListTree, Users, Wallet } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { SpendReport, SpendRow } from '../../../src/protocol/money.ts';
import { Card, Empty, Loading, Trouble } from '../parts/card.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Mark } from '../parts/mark.tsx';
import { SpendBar } from '../shell/top-bar.tsx';
import { inAddress } from '../state/address.ts';
import { localTime, span, usd } from '../state/format.ts';
import { attempt } from '../state/notices.ts';
import { useNow } from '../state/now.ts';
import { useAnswer } from '../state/use-answer.ts';
import { workApi } from '../state/work-api.ts';
import { useName, useWorld } from '../state/world.ts';
import { SpendTable } from './budget/spend-table.tsx';

const SPANS = [
  { name: 'Today', days: 1 },
  { name: '7 days', days: 7 },
  { name: '30 days', days: 30 },
  { name: 'All', days: 0 },
] as const;

/** Where the money went, what is reserved, what calls cost, and the way to start counting anew. */
export default function BudgetPage() {
  const [days, setDays] = useState<number>(7);
  const spent = useWorld((world) => world.picture?.budget.spent_usd);
  const { data, trouble, again } = useAnswer(`${days}|${spent?.toFixed(3)}`, (signal) => workApi.spend(days, signal));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">Budget</h1>
        <div role="group" aria-label="Which time" className="flex gap-1">
          {SPANS.map((each) => (
            <button
              key={each.name}
              type="button"
              aria-pressed={days === each.days}
              className={`btn ${days === each.days ? 'border-leaf bg-leafbg text-leaf' : ''}`}
              onClick={() => setDays(each.days)}
            >
              {each.name}
            </button>
          ))}
        </div>
      </div>
      <div className="flex flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] lg:items-start">
        <div className="flex min-w-0 flex-col gap-4">
          {trouble && !data ? (
            <div className="card">
              <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} />
            </div>
          ) : null}
          <Tables data={data} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-lg:order-first">
          <Cap />
          <Reserved />
          <Prices />
        </div>
      </div>
    </>
  );
}

function Tables({ data }: { data: SpendReport | undefined }) {
  const nameOf = useName();
  return (
    <>
      <Spent title="By day" icon={CalendarDays} rows={data?.by_day} head="Day (UTC)" name={(key) => key} />
      <Spent
        title="By model"
        icon={Cpu}
        rows={data?.by_model}
        head="Model"
        name={(key) => <code className="font-mono text-[12.5px]">{key}</code>}
      />
      <Spent
        title="By resident"
        icon={Users}
        rows={data?.by_resident}
        head="Resident"
        name={(key) =>
          key === '' ? (
            <span className="text-dim">no resident: critic, planner, tests</span>
          ) : (
            <span className="inline-flex items-center gap-2">
              <Mark name={key} size={18} />
              {nameOf(key)}
            </span>
          )
        }
      />
      <Spent
        title="By task"
        icon={ListTree}
        rows={data?.by_task}
        head="Task"
        name={(key) =>
          key === '' ? (
            <span className="text-dim">no task</span>
          ) : (
            <Link href={`/tasks/${inAddress(key)}`} className="break-all hover:text-leaf hover:underline">
              {key}
            </Link>
          )
        }
      />
    </>
  );
}

interface SpentProps {
  readonly title: string;
  readonly icon: typeof Wallet;
  readonly rows: readonly SpendRow[] | undefined;
  readonly head: string;
  readonly name: (key: string) => ReactNode;
}

function Spent({ title, icon, rows, head, name }: SpentProps) {
  return (
    <Card title={title} icon={icon}>
      {rows === undefined ? <Loading label={`Loading spend ${title.toLowerCase()}`} /> : null}
      {rows?.length === 0 ? <Empty>No call to a model was made in this time.</Empty> : null}
      {rows && rows.length > 0 ? <SpendTable head={head} rows={rows} name={name} /> : null}
    </Card>
  );
}

function Cap() {
  const budget = useWorld((world) => world.picture?.budget);
  const [asking, setAsking] = useState(false);
  if (!budget)
    return (
      <Card title="Cap" icon={Wallet}>
        <Loading label="Loading the cap" />
      </Card>
    );
  const left = Math.max(0, budget.cap_usd - budget.spent_usd - budget.reserved_usd);
  return (
    <Card title="Cap" icon={Wallet}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="flex items-baseline gap-2">
          <span className="num text-[22px] font-semibold leading-7">{usd(budget.spent_usd)}</span>
          <span className="text-dim">of {usd(budget.cap_usd)}</span>
        </p>
        <SpendBar spent={budget.spent_usd} reserved={budget.reserved_usd} cap={budget.cap_usd} className="w-full" />
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 text-[12.5px] [&_dd]:text-right">
          <dt className="text-dim">Reserved</dt>
          <dd className="num">{usd(budget.reserved_usd)}</dd>
          <dt className="text-dim">Left</dt>
          <dd className="num">{usd(left)}</dd>
          <dt className="text-dim">Counted since</dt>
          <dd>{budget.since === '' ? 'the first call' : localTime(budget.since)}</dd>
        </dl>
        <p className="text-[12.5px] text-dim">
          The cap is <code className="font-mono">SWARM_BUDGET_LIMIT</code>; it is read when the API and the workers start.
        </p>
        <button type="button" className="btn btn-bad self-start" onClick={() => setAsking(true)}>
          Reset the count
        </button>
      </div>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Start counting from zero?"
        description={`${usd(budget.spent_usd)} were spent since the last reset. Residents may spend up to ${usd(budget.cap_usd)} again. The record of every call stays.`}
      >
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className="btn" onClick={() => setAsking(false)}>
            Keep counting
          </button>
          <button
            type="button"
            className="btn btn-bad"
            onClick={async () => {
              if (await attempt(() => workApi.resetBudget(), 'Counted from zero')) setAsking(false);
            }}
          >
            Reset
          </button>
        </div>
      </Dialog>
    </Card>
  );
}

function Reserved() {
  const reserved = useWorld((world) => world.picture?.budget.reserved_usd);
  const now = useNow();
  const { data } = useAnswer(`${reserved}`, (signal) => workApi.reservations(signal));
  const rows = data?.reservations ?? [];
  return (
    <Card title="Reserved at this moment" icon={Hourglass}>
      {rows.length === 0 ? <Empty>No call is running.</Empty> : null}
      <ul className="pb-2">
        {rows.map(({ call_id, task_id, amount_usd, reserved_at }) => (
          <li key={call_id} className="flex items-baseline gap-3 px-4 py-1.5 text-[12.5px]">
            {task_id ? (
              <Link href={`/tasks/${inAddress(task_id)}`} className="min-w-0 flex-1 truncate hover:text-leaf hover:underline">
                {task_id}
              </Link>
            ) : (
              <span className="min-w-0 flex-1 truncate font-mono text-dim">{call_id}</span>
            )}
            <span className="text-dim">{span(now - Date.parse(reserved_at))}</span>
            <span className="num">{usd(amount_usd)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Prices() {
  const { data } = useAnswer('models', (signal) => workApi.models(signal));
  return (
    <Card title="Prices" icon={Coins}>
      {data === undefined ? <Loading label="Loading prices" /> : null}
      {data ? (
        <div className="px-4 pb-4 text-[12.5px]">
          <table className="w-full">
            <thead>
              <tr className="text-left text-dim">
                <th scope="col" className="pb-1 font-medium">
                  $ per million tokens
                </th>
                <th scope="col" className="pb-1 text-right font-medium">
                  in
                </th>
                <th scope="col" className="pb-1 pl-3 text-right font-medium">
                  out
                </th>
              </tr>
            </thead>
            <tbody>
              {data.models.map(({ id, price }) => (
                <tr key={id}>
                  <td className="break-all py-0.5 font-mono text-[12px]">{id}</td>
                  <td className="num py-0.5 text-right">{price ? price.input_usd_per_million : '?'}</td>
                  <td className="num py-0.5 pl-3 text-right">{price ? price.output_usd_per_million : '?'}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="mt-2 text-dim">From {data.prices_from}. A model whose price is not known is never called.</p>
        </div>
      ) : null}
    </Card>
  );
}
