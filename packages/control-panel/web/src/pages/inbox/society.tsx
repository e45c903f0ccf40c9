import { ExternalLink } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { SubmissionView } from '../../../../src/protocol/bounties.ts';
import { Mark } from '../../parts/mark.tsx';
import { Plain, Tokens } from '../../parts/small.tsx';
import type { Item } from '../../state/waiting.ts';
import { readWaitingAgain } from '../../state/waiting.ts';
import { Submissions } from '../bounty/handed-in.tsx';
import { BountyWord } from '../bounty/word.tsx';
import { ReviewDialog } from '../bounty/work.tsx';
import { DisputeDeeds, DisputeFacts, DisputeWord, TARGETS } from '../disputes/parts.tsx';

/** A dispute with what a person can do about it. */
export function DisputeItem({ item, replying }: { item: Extract<Item, { kind: 'dispute' }>; replying: number }) {
  const { dispute } = item;
  return (
    <>
      <header className="flex flex-wrap items-center gap-2.5 border-b border-line px-4 py-3">
        <Mark name={dispute.requester_id} size={24} />
        <h2 className="mr-auto text-[15px] font-semibold">{TARGETS[dispute.target_type]}</h2>
        <DisputeWord dispute={dispute} />
      </header>
      <div className="flex flex-col gap-3 px-4 py-3">
        <DisputeFacts dispute={dispute} />
        <DisputeDeeds dispute={dispute} again={readWaitingAgain} deciding={replying} />
      </div>
    </>
  );
}

/** Work that was handed in, to be judged here; it is paid on the bounty's own page, where the sums stand. */
export function BountyItem({ item, replying }: { item: Extract<Item, { kind: 'bounty' }>; replying: number }) {
  const { bounty } = item;
  const [judging, setJudging] = useState<SubmissionView | undefined>();
  const unjudged = bounty.teams.find(({ review }) => !review);
  const first = useRef(replying);
  useEffect(() => {
    if (replying !== first.current) setJudging(unjudged);
    first.current = replying;
  }, [replying, unjudged]);
  const close = () => setJudging(undefined);
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
        <h2 className="min-w-0 break-words text-[15px] font-semibold">{bounty.title}</h2>
        <BountyWord status={bounty.status} />
        <span className="ml-auto flex items-center gap-3">
          <Tokens amount={bounty.reward} />
          <Link href={item.href} className="inline-flex items-center gap-1 text-[12.5px] text-leaf hover:underline">
            Pay it out <ExternalLink aria-hidden className="size-3" />
          </Link>
        </span>
      </header>
      {bounty.description ? <Plain className="px-4 pb-3">{bounty.description}</Plain> : null}
      <div className="px-2 pb-2">
        <Submissions bounty={bounty} onReview={setJudging} />
      </div>
      {judging ? (
        <ReviewDialog
          bounty={bounty}
          submission={judging}
          onClose={close}
          onDone={() => {
            close();
            readWaitingAgain();
          }}
        />
      ) : null}
    </>
  );
}
