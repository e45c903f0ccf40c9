import { Activity, Inbox, ListTree, Plug, Sprout, Users, Wallet } from 'lucide-react';
import { Link } from 'wouter';
import type { TaskRow } from '../../../src/protocol/tasks.ts';
import { Card, Empty, Loading } from '../parts/card.tsx';
import { Decide } from '../parts/decide.tsx';
import { EventList } from '../parts/event-list.tsx';
import { Frame } from '../parts/frame.tsx';
import { GroqKey } from '../parts/groq-key.tsx';
import { Mark } from '../parts/mark.tsx';
import { Status } from '../parts/status.tsx';
import { TaskLink } from '../parts/task-line.tsx';
import { SpendBar } from '../shell/top-bar.tsx';
import { inAddress } from '../state/address.ts';
import { localTime, span, usd } from '../state/format.ts';
import { beginningOf, legible } from '../state/legible.ts';
import { useNow } from '../state/now.ts';
import { STATUSES } from '../state/status.ts';
import { ASK_WORDS, askOf, type Item, useItems } from '../state/waiting.ts';
import { type Picture, useName, useWorld } from '../state/world.ts';
import { Trend } from './today-trend.tsx';

/** The whole world on one screen: what happens, who does it, what it costs, what needs a person. */
export function TodayPage() {
  const picture = useWorld((world) => world.picture);
  return (
    <>
      <h1 className="sr-only">Today</h1>
      {picture ? <Full picture={picture} /> : <Waiting />}
    </>
  );
}

function Waiting() {
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-3">
      <Card title="At work now" icon={Sprout} className="lg:col-span-2">
        <Loading label="Connecting to the panel" />
      </Card>
      <Card title="Needs you" icon={Inbox}>
        <Loading label="Connecting to the panel" />
      </Card>
    </div>
  );
}

function Full({ picture }: { picture: Picture }) {
  return (
    <div className="flex flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] lg:items-start">
      <div className="contents lg:flex lg:flex-col lg:gap-4">
        <AtWork picture={picture} />
        <Trend picture={picture} className="max-lg:order-3" />
        <Queue picture={picture} />
        <Happening picture={picture} />
      </div>
      <div className="contents lg:flex lg:flex-col lg:gap-4">
        <NeedsYou />
        <Spend picture={picture} />
        <Provider picture={picture} />
        <Residents picture={picture} />
      </div>
    </div>
  );
}

function AtWork({ picture }: { picture: Picture }) {
  const nameOf = useName();
  const rows = [...picture.atWork.values()];
  const live = picture.workers.filter((worker) => worker.live);
  const workers = live.length === 1 ? '1 worker' : `${live.length} workers`;
  return (
    <Card
      title="At work now"
      className="max-lg:order-1"
      icon={Sprout}
      aside={
        <Link href="/settings" className="text-[12.5px] text-dim hover:underline">
          {workers}
        </Link>
      }
    >
      {rows.length === 0 ? <Empty>{idleBecause(picture, live.length)}</Empty> : null}
      <ul className="divide-y divide-line">
        {rows.slice(0, 8).map((row) => (
          <Frame key={row.id} as="li">
            <WorkRow row={row} name={nameOf(row.resident ?? 'A worker')} />
          </Frame>
        ))}
      </ul>
      {rows.length > 8 ? <p className="px-4 pb-3 text-dim">and {rows.length - 8} more</p> : null}
    </Card>
  );
}

/** Why nothing runs, and what would make something run. */
function idleBecause(picture: Picture, liveWorkers: number): string {
  const { counts } = picture;
  if (picture.switch.state !== 'running') return 'Nothing runs while everything stands still. Resume to go on.';
  if (liveWorkers === 0) return 'No worker is running. Start one under Settings, or with: pnpm worker run';
  if (counts.queued + counts.requeue === 0) return 'The queue is empty. Add a task, or press c.';
  return 'Nothing can run at this moment: what waits depends on other tasks, on a timer or on you.';
}

function WorkRow({ row, name }: { row: TaskRow; name: string }) {
  const now = useNow();
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Mark name={row.resident ?? row.lease?.worker_id ?? row.id} />
      <div className="min-w-0 flex-1">
        <TaskLink row={row} />
        <p className="text-[12.5px] text-dim">
          {name}
          {row.lease ? ` · ${span(now - Date.parse(row.lease.claimed_at))}` : ''}
          {row.attempt > 1 ? ` · attempt ${row.attempt}` : ''}
        </p>
      </div>
      <span className="num hidden text-[12.5px] text-dim sm:block">
        {usd(row.spent_usd)} of {usd(row.max_budget)}
      </span>
      <Status status={row.status} />
    </li>
  );
}

function NeedsYou() {
  const items = useItems();
  return (
    <Card
      title="Needs you"
      className="max-lg:order-2"
      icon={Inbox}
      aside={
        items && items.length > 0 ? (
          <Link href="/needs-you" className="text-[12.5px] text-leaf hover:underline">
            All {items.length}
          </Link>
        ) : undefined
      }
    >
      {items === undefined ? <Loading label="Loading what needs you" /> : null}
      {items?.length === 0 ? <Empty>Nothing waits for you.</Empty> : null}
      <ul className="max-h-[26rem] divide-y divide-line overflow-y-auto">
        {items?.map((item) => (
          <li key={item.key} className="flex flex-col gap-1.5 px-4 py-3 first:pt-1">
            <Frame>
              <Waits item={item} />
            </Frame>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Waits({ item }: { item: Item }) {
  if (item.kind === 'task')
    return (
      <>
        <TaskLink row={item.row} />
        <p className="break-words text-[12.5px] text-dim">{legible(beginningOf(item.row.hold?.reason ?? ''))}</p>
        <Decide row={item.row} />
      </>
    );
  return (
    <>
      <p className="line-clamp-2 break-words font-medium">{item.title}</p>
      <p className="flex items-center gap-2 text-[12.5px] text-dim">
        {ASK_WORDS[askOf(item)]}
        <Link href={`/needs-you?item=${inAddress(item.key)}`} className="btn ml-auto">
          {VERBS[item.kind]}
          <span className="sr-only">: {item.title}</span>
        </Link>
      </p>
    </>
  );
}

const VERBS = { letter: 'Reply', dispute: 'Decide', bounty: 'Judge' } as const;

/** Shown even where no task stands there. */
const ALWAYS: ReadonlySet<TaskRow['status']> = new Set(['queued', 'in_progress', 'approved']);

function Queue({ picture }: { picture: Picture }) {
  const { counts } = picture;
  const shown = STATUSES.filter((status) => counts[status] > 0 || ALWAYS.has(status));
  const recent = [...picture.touched.values()].slice(-6).reverse();
  return (
    <Card
      title="Queue"
      className="max-lg:order-4"
      icon={ListTree}
      aside={shown.map((status) => (
        <Link key={status} href={`/tasks?status=${status}`} className="hover:underline">
          <Status status={status} count={counts[status]} />
        </Link>
      ))}
    >
      {recent.length === 0 ? <Empty>No task yet. Add one, or press c.</Empty> : null}
      <ul className="pb-2">
        {recent.map((row) => (
          <li key={row.id} className="flex items-center gap-3 px-4 py-1.5">
            <span className="min-w-0 flex-1 truncate">
              <TaskLink row={row} />
            </span>
            <Status status={row.status} held={row.hold !== undefined} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Spend({ picture: { budget } }: { picture: Picture }) {
  const left = Math.max(0, budget.cap_usd - budget.spent_usd - budget.reserved_usd);
  return (
    <Card title="Spend" icon={Wallet} className="max-lg:order-5">
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="flex items-baseline gap-2">
          <span className="num text-[22px] font-semibold leading-7">{usd(budget.spent_usd)}</span>
          <span className="text-dim">of {usd(budget.cap_usd)}</span>
        </p>
        <SpendBar spent={budget.spent_usd} reserved={budget.reserved_usd} cap={budget.cap_usd} className="w-full" />
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 text-[12.5px] [&_dd]:text-right">
          <dt className="text-dim">Reserved for running calls</dt>
          <dd className="num">{usd(budget.reserved_usd)}</dd>
          <dt className="text-dim">Left</dt>
          <dd className="num">{usd(left)}</dd>
          <dt className="text-dim">Counted since</dt>
          <dd>{budget.since === '' ? 'the first call' : localTime(budget.since)}</dd>
        </dl>
      </div>
    </Card>
  );
}

function Happening({ picture }: { picture: Picture }) {
  const lines = picture.lines.slice(-14).reverse();
  return (
    <Card
      title="What is happening"
      className="max-lg:order-6"
      icon={Activity}
      aside={
        <Link href="/log" className="text-[12.5px] text-leaf hover:underline">
          Whole log
        </Link>
      }
    >
      {lines.length === 0 ? (
        <Empty>Nothing has happened yet. What residents do shows up here as it happens.</Empty>
      ) : (
        <EventList lines={lines} />
      )}
    </Card>
  );
}

const PROVIDER_WORDS = {
  ready: ['Ready', 'text-ok'],
  unverified: ['Not tried yet', 'text-warn'],
  backing_off: ['Away, asked again', 'text-warn'],
  misconfigured: ['Does not work', 'text-bad'],
  absent: ['No model', 'text-warn'],
} as const;

function Provider({ picture: { provider, settings } }: { picture: Picture }) {
  const [word, tone] = provider.reachable ? PROVIDER_WORDS[provider.state] : (['API not reachable', 'text-bad'] as const);
  return (
    <Card
      title="Model"
      icon={Plug}
      className="max-lg:order-7"
      aside={<span className={`text-[12.5px] font-medium ${tone}`}>{word}</span>}
    >
      <div className="px-4 pb-4 text-[12.5px]">
        <p className="break-words">{provider.detail}</p>
        {provider.fix ? <p className="mt-1 break-words text-dim">{provider.fix}</p> : null}
        {provider.reachable && provider.state !== 'absent' ? (
          <p className="mt-1 text-dim">
            {provider.name} · <span className="font-mono">{provider.default_model ?? settings.default_model}</span>
          </p>
        ) : null}
        {provider.reachable && provider.state !== 'ready' && provider.name !== 'local' ? <GroqKey /> : null}
        {settings.approval === 'human' ? <p className="mt-1 text-dim">You decide about every result.</p> : null}
        {settings.docs_only ? <p className="mt-1 text-warn">Documentation only: no code is written.</p> : null}
      </div>
    </Card>
  );
}

function Residents({ picture }: { picture: Picture }) {
  const { identities } = picture;
  return (
    <Card title="Residents" icon={Users} className="max-lg:order-8">
      {identities.length === 0 ? <Empty>No resident yet. Starters move in when a worker first runs.</Empty> : null}
      <ul className="pb-2">
        {identities.map((identity) => (
          <li key={identity.id} className="flex items-center gap-3 px-4 py-2">
            <Mark name={identity.id} />
            <div className="min-w-0 flex-1">
              <Link
                href={`/residents/${inAddress(identity.id)}`}
                className="block truncate font-medium hover:text-leaf hover:underline"
              >
                {identity.name}
              </Link>
              <p className="truncate text-[12.5px] text-dim">{identity.profile_display ?? identity.traits.join(', ')}</p>
            </div>
            <span className="num whitespace-nowrap text-[12.5px]">
              {identity.tokens} <span className="font-normal text-dim">tokens</span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
