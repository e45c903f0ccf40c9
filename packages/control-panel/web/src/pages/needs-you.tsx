import { BellRing, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Loading } from '../parts/card.tsx';
import { allowNotices, notifyPermission, type Permission } from '../shell/use-alerts.ts';
import { api } from '../state/api.ts';
import { attempt, tell } from '../state/notices.ts';
import { askOf, type Item, useItems } from '../state/waiting.ts';
import { BulkBar } from './inbox/bulk-bar.tsx';
import { ItemDetail } from './inbox/detail.tsx';
import { ItemList } from './inbox/list.tsx';
import { useKeys } from './inbox/use-keys.ts';

/** One inbox of everything that waits for a person, to be worked through by keyboard. */
export default function NeedsYouPage() {
  const items = useItems();
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-[17px] font-semibold">
          Needs you {items && items.length > 0 ? <span className="num text-dim">{items.length}</span> : null}
        </h1>
        <AllowNotices />
      </div>
      {items === undefined ? (
        <div className="card">
          <Loading label="Loading what needs you" lines={6} />
        </div>
      ) : null}
      {items?.length === 0 ? <Nothing /> : null}
      {items && items.length > 0 ? <Inbox items={items} /> : null}
    </>
  );
}

function Nothing() {
  return (
    <div className="card flex flex-col items-center gap-1 px-4 py-12 text-center">
      <CircleCheck aria-hidden className="mb-1 size-6 text-ok" />
      <p className="font-medium">Nothing waits for you</p>
      <p className="text-dim">Held reviews, questions and mail, disputes and work for bounties come here as they arise.</p>
    </div>
  );
}

function Inbox({ items }: { items: readonly Item[] }) {
  const [chosen, setChosen] = useState<string | undefined>(() => initialKey(items));
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [replying, setReplying] = useState(0);
  const [, go] = useLocation();
  // When the chosen one is gone, the one that took its place is chosen.
  const [place, setPlace] = useState(0);
  const found = items.findIndex(({ key }) => key === chosen);
  const at = found === -1 ? Math.min(place, items.length - 1) : found;
  useEffect(() => setPlace(at), [at]);
  const item = items[at];
  const choose = (index: number) => setChosen(items[Math.max(0, Math.min(items.length - 1, index))]?.key);
  const pick = (key: string) => setPicked((former) => toggled(former, key));
  const present = items.filter(({ key }) => picked.has(key));

  useKeys({
    j: () => choose(at + 1),
    arrowdown: () => choose(at + 1),
    k: () => choose(at - 1),
    arrowup: () => choose(at - 1),
    a: () => item && (askOf(item) === 'land' ? go(item.href) : accept(item)),
    r: () => setReplying((former) => former + 1),
    x: () => item && pick(item.key),
    o: () => item && go(item.href),
  });

  return (
    <>
      {present.length > 0 ? <BulkBar items={present} onDone={() => setPicked(new Set())} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <ItemList
          items={items}
          at={at}
          picked={picked}
          onChoose={(index) => {
            choose(index);
            showDetail();
          }}
          onPick={pick}
        />
        {item ? <ItemDetail key={item.key} item={item} replying={replying} /> : null}
      </div>
      <p className="mt-3 hidden text-[12px] text-dim md:block">
        <kbd className="kbd">j</kbd> <kbd className="kbd">k</kbd> next, previous · <kbd className="kbd">a</kbd> approve, retry or
        look at a change · <kbd className="kbd">r</kbd> reject, reply or judge · <kbd className="kbd">x</kbd> select ·{' '}
        <kbd className="kbd">o</kbd> open
      </p>
    </>
  );
}

/** Approve what is held for review; accept or try again what else is held. What residents wait for has no such short answer. */
function accept(item: Item): void {
  if (item.kind !== 'task') return;
  const { id } = item.row;
  if (askOf(item) === 'review') void attempt(() => api.approve(id), `Approved ${id}`);
  else void attempt(() => api.retry(id), `Queued ${id} again`);
}

/** On a phone the chosen one stands below the list. */
function showDetail(): void {
  if (matchMedia('(min-width: 64rem)').matches) return;
  requestAnimationFrame(() => void document.getElementById('chosen')?.scrollIntoView({ block: 'start', behavior: 'smooth' }));
}

function initialKey(items: readonly Item[]): string | undefined {
  const wanted = new URLSearchParams(location.search).get('item');
  return (items.find(({ key }) => key === wanted) ?? items[0])?.key;
}

function toggled(former: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(former);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** Ask the browser, once a person wants it, to say on the desktop that something waits. */
function AllowNotices() {
  const [permission, setPermission] = useState<Permission>(notifyPermission);
  if (permission !== 'default') return null;
  const ask = async () => {
    const answer = await allowNotices();
    setPermission(answer);
    if (answer === 'granted') tell('done', 'You will hear of what waits, also in another window');
  };
  return (
    <button type="button" className="btn" onClick={ask}>
      <BellRing aria-hidden className="size-3.5" />
      Tell me on the desktop
    </button>
  );
}
