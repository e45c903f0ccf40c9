import { ExternalLink } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Loading, Trouble } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { OutputText } from '../../parts/output.tsx';
import { Plain } from '../../parts/small.tsx';
import { Status } from '../../parts/status.tsx';
import { api } from '../../state/api.ts';
import { useDraft } from '../../state/draft.ts';
import { usd } from '../../state/format.ts';
import { attempt } from '../../state/notices.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { askOf, type Item } from '../../state/waiting.ts';
import { useName } from '../../state/world.ts';
import { Attempts } from '../task/attempts.tsx';
import { Reviewed } from '../task/reviewed.tsx';
import { HoldFix } from './hold-fix.tsx';
import { LandItem } from './land.tsx';
import { LetterItem } from './letter.tsx';
import { BountyItem, DisputeItem } from './society.tsx';
import { useFocusOn } from './use-focus-on.ts';

interface Props {
  readonly item: Item;
  /** Rises when a person wants to write the reason or the reply. */
  readonly replying: number;
}

/** Everything that is needed to decide about one item, and the decision. */
export function ItemDetail({ item, replying }: Props) {
  return (
    <section id="chosen" aria-label="The chosen one" className="card min-w-0 scroll-mt-16">
      <Frame>
        {item.kind === 'task' ? <Held item={item} replying={replying} /> : null}
        {item.kind === 'letter' ? <LetterItem item={item} replying={replying} /> : null}
        {item.kind === 'dispute' ? <DisputeItem item={item} replying={replying} /> : null}
        {item.kind === 'bounty' ? <BountyItem item={item} replying={replying} /> : null}
      </Frame>
    </section>
  );
}

type HeldItem = Extract<Item, { kind: 'task' }>;

function Held({ item, replying }: { item: HeldItem; replying: number }) {
  const { row } = item;
  const { data, trouble, again } = useAnswer(`${row.id}@${row.updated_at}`, (signal) => api.task(row.id, signal));
  const nameOf = useName();
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-3">
        <h2 className="min-w-0 break-words text-[15px] font-semibold">{row.title}</h2>
        <Status status={row.status} held />
        <span className="ml-auto flex items-center gap-3 text-[12.5px] text-dim">
          {row.resident ? <span>{nameOf(row.resident)}</span> : null}
          <span className="num">{usd(row.spent_usd)}</span>
          <Link href={item.href} className="inline-flex items-center gap-1 text-leaf hover:underline">
            Open <ExternalLink aria-hidden className="size-3" />
          </Link>
        </span>
      </header>
      {askOf(item) === 'review' ? <Decision item={item} replying={replying} /> : null}
      {askOf(item) === 'land' ? <LandItem row={row} /> : null}
      {askOf(item) === 'review' || askOf(item) === 'land' ? null : <HoldFix row={row} replying={replying} />}
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!data && !trouble ? <Loading label="Loading the evidence" /> : null}
      {data ? (
        <Frame>
          <Evidence detail={data} />
        </Frame>
      ) : null}
    </>
  );
}

function Evidence({ detail }: { detail: TaskDetail }) {
  const { output, task } = detail;
  const attempts = detail.events.filter(({ event }) => event === 'task_executed').length;
  return (
    <div className="divide-y divide-line">
      {output ? (
        <Part title="Output">
          <OutputText output={output} />
        </Part>
      ) : null}
      {attempts > 1 ? (
        <Part title="What changed since the attempt before">
          <Attempts detail={detail} onlyChange />
        </Part>
      ) : null}
      {detail.review || detail.safety_report ? (
        <Part title="Evidence" flush>
          <Reviewed detail={detail} withHold={false} />
        </Part>
      ) : null}
      <Part title="What was asked">
        <Plain>{task.prompt ?? task.command ?? task.skill ?? ''}</Plain>
      </Part>
    </div>
  );
}

function Part({ title, flush = false, children }: { title: string; flush?: boolean; children: ReactNode }) {
  return (
    <div className={flush ? 'py-3' : 'px-4 py-3'}>
      <h3 className={`mb-1.5 text-[12.5px] font-medium text-dim ${flush ? 'px-4' : ''}`}>{title}</h3>
      {children}
    </div>
  );
}

const NOTHING = { reason: '' };

function Decision({ item: { row }, replying }: { item: HeldItem; replying: number }) {
  const [draft, change, clear] = useDraft(`reject_${row.id}`, NOTHING);
  const [missing, setMissing] = useState(false);
  const field = useFocusOn(replying);
  const reject = async (event: FormEvent) => {
    event.preventDefault();
    if (draft.reason.trim() === '') {
      setMissing(true);
      return field.current?.focus();
    }
    const done = await attempt(() => api.reject(row.id, draft.reason), `Rejected ${row.id}`);
    if (done) clear();
  };
  return (
    <form onSubmit={reject} className="flex flex-col gap-2 border-b border-line bg-bg/60 px-4 py-3">
      <Plain className="text-warn">{row.hold?.reason ?? ''}</Plain>
      <label className="sr-only" htmlFor="reject-reason">
        Reason for a rejection
      </label>
      <textarea
        id="reject-reason"
        ref={field}
        rows={2}
        className="field"
        placeholder="To reject: say what the next attempt should do better"
        aria-invalid={missing}
        aria-describedby={missing ? 'reject-missing' : undefined}
        value={draft.reason}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        onChange={(event) => change({ reason: event.target.value })}
      />
      {missing ? (
        <p id="reject-missing" className="text-[12px] font-medium text-bad">
          Say why, so that the next attempt can do better
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn btn-go" onClick={() => attempt(() => api.approve(row.id), `Approved ${row.id}`)}>
          Approve
        </button>
        <button type="submit" className="btn btn-bad">
          Reject
        </button>
      </div>
    </form>
  );
}
