import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ChangeDetail, ChangeFile } from '../../../src/protocol/changes.ts';
import { Loading, Trouble } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Tag } from '../parts/small.tsx';
import type { Refused } from '../state/api.ts';
import { changesApi } from '../state/changes-api.ts';
import { tell } from '../state/notices.ts';
import { useSeen } from '../state/seen.ts';
import { useRead } from '../state/society.ts';
import { approve, canApprove, Decide, toBeSeen } from './change/decide.tsx';
import type { Form } from './change/diff.tsx';
import { ChangeFacts } from './change/facts.tsx';
import { Files } from './change/files.tsx';
import { StateWord, TierMark } from './change/look.tsx';
import type { Shown } from './change/moved.ts';
import { Tests } from './change/tests.tsx';
import { ChangeHistory, Origins, Summary, Witnesses } from './change/told.tsx';
import { inOrder } from './change/tree.tsx';
import { useKeys } from './inbox/use-keys.ts';
import { Gates } from './task/gates.tsx';

/** One change: what it does to each file, what speaks for it, and the person's word. Its own id, or its task's. */
export default function ChangePage({ id }: { id: string }) {
  const { data, trouble, again } = useRead(`change ${id}`, (signal) => changesApi.show(id, signal), ['changes']);
  if (data) return <Whole key={data.change_id} detail={data} again={again} />;
  return (
    <div className="card">
      {trouble ? (
        <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} />
      ) : (
        <Loading label="Loading the change" lines={6} />
      )}
    </div>
  );
}

/** What is being looked at: which file, in which form, what was ticked, and what a yes would bind to. */
function useReview(detail: ChangeDetail, again: () => void) {
  const files = inOrder(detail.files);
  const { seen, toggle } = useSeen(detail.change_id, files);
  const [path, setPath] = useState<string | undefined>();
  const [form, setForm] = useState<Form>('unified');
  const [shown, setShown] = useState<Shown>(detail);
  const [refused, setRefused] = useState<Refused | undefined>();
  const at = Math.max(
    0,
    files.findIndex((file) => file.path === path),
  );
  const chosen: ChangeFile | undefined = files[at];
  // Until something is handed in there is nothing that a person could have looked at.
  const bound = shown.entries_sha256 === '' ? detail : shown;
  const deciding = { detail, shown: bound, unseen: toBeSeen(files, seen), again };
  const step = (by: number) => setPath(files[Math.max(0, Math.min(files.length - 1, at + by))]?.path);
  const yes = async () => {
    if (canApprove(deciding)) return setRefused(await approve(deciding));
    const [first] = deciding.unseen;
    if (!first) return;
    setPath(first.path);
    tell('refused', 'Not every file that asks you is ticked as seen', 'Press s once you have looked at it');
  };
  const look = () => {
    setRefused(undefined);
    setShown(detail);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    s: () => chosen && toggle(chosen),
    d: () => setForm(form === 'unified' ? 'split' : 'unified'),
    a: () => void yes(),
  });
  return { files, seen, toggle, chosen, setPath, form, setForm, deciding, refused, yes, look };
}

function Whole({ detail, again }: { detail: ChangeDetail; again: () => void }) {
  const review = useReview(detail, again);
  const { files, seen, chosen, form } = review;
  return (
    <>
      <Head detail={detail} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Frame>
            <Summary detail={detail} />
          </Frame>
          <Frame>
            <Witnesses detail={detail} />
          </Frame>
          {detail.gates ? <Gates gates={detail.gates} /> : null}
        </div>
        <aside aria-label="Decision and facts" className="card flex min-w-0 flex-col gap-4 p-4">
          <Decide {...review.deciding} refused={review.refused} onApprove={() => void review.yes()} onLook={review.look} />
          <Frame>
            <ChangeFacts detail={detail} />
          </Frame>
        </aside>
        <div className="min-w-0 lg:col-span-2">
          <Files
            {...{ detail, files, chosen, form, seen }}
            onChoose={(file) => review.setPath(file.path)}
            onTick={review.toggle}
            onForm={() => review.setForm(form === 'unified' ? 'split' : 'unified')}
          />
          <p className="mt-2 hidden text-[12px] text-dim md:block">
            <kbd className="kbd">j</kbd> <kbd className="kbd">k</kbd> next, previous file · <kbd className="kbd">s</kbd> seen ·{' '}
            <kbd className="kbd">d</kbd> one column or two · <kbd className="kbd">a</kbd> approve
          </p>
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-2">
          <Tests matrix={detail.matrix} />
          <Origins origins={detail.origins} />
          <ChangeHistory history={detail.history} />
        </div>
      </div>
    </>
  );
}

function Head({ detail }: { detail: ChangeDetail }) {
  return (
    <>
      <nav aria-label="Where you are" className="flex items-center gap-1 text-dim">
        <Link href="/changes" className="hover:text-leaf hover:underline">
          Changes
        </Link>
        <ChevronRight aria-hidden className="size-3.5" />
        <span className="break-all font-mono text-[12px]">{detail.change_id}</span>
      </nav>
      <div className="mb-4 mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="min-w-0 break-words text-[18px] font-semibold leading-6">{detail.title}</h1>
        <StateWord state={detail.state} approved={detail.approval !== undefined} />
        <TierMark tier={detail.tier} words />
        <Tag>{detail.kind}</Tag>
      </div>
    </>
  );
}
