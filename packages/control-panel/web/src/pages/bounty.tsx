import { Coins, Scale, Trophy } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { BountyView, SubmissionView } from '../../../src/protocol/bounties.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Reading } from '../parts/reading.tsx';
import { Fact, Plain, Tokens, Who } from '../parts/small.tsx';
import { usd } from '../state/format.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { Bids } from './bounty/bids.tsx';
import { CancelDialog, CompleteDialog } from './bounty/end.tsx';
import { Submissions } from './bounty/handed-in.tsx';
import { PayoutRow } from './bounty/payout-row.tsx';
import { BountyWord } from './bounty/word.tsx';
import { ReviewDialog, SubmitDialog } from './bounty/work.tsx';

/** One bounty: what is wanted, what was handed in, who was paid. */
export default function BountyPage({ id }: { id: string }) {
  const read = useRead(`bounty ${id}`, (signal) => society.bounty(id, signal), ['bounties']);
  return (
    <>
      <Link href="/bounties" className="text-dim hover:text-leaf">
        Bounties
      </Link>
      {read.data ? (
        <Whole bounty={read.data.bounty} again={read.again} />
      ) : (
        <div className="card mt-2">
          <Reading read={read} label="Loading the bounty" lines={6}>
            {() => null}
          </Reading>
        </div>
      )}
    </>
  );
}

type Asked = 'complete' | 'cancel' | 'submit' | SubmissionView | undefined;

function Whole({ bounty, again }: { bounty: BountyView; again: () => void }) {
  const [asked, setAsked] = useState<Asked>();
  const running = bounty.status === 'open' || bounty.status === 'claimed';
  const done = () => {
    setAsked(undefined);
    again();
  };
  const payable = bounty.claimed_by !== null || bounty.teams.length > 0;
  return (
    <>
      <div className="mb-4 mt-1 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="break-words text-[18px] font-semibold leading-6">{bounty.title}</h1>
        <BountyWord status={bounty.status} />
        {running ? (
          <div className="ml-auto flex flex-wrap gap-2">
            <button type="button" className="btn" onClick={() => setAsked('submit')}>
              Hand in work
            </button>
            <button type="button" className="btn btn-bad" onClick={() => setAsked('cancel')}>
              Cancel bounty
            </button>
            {payable ? (
              <button type="button" className="btn btn-go" onClick={() => setAsked('complete')}>
                Complete
              </button>
            ) : null}
          </div>
        ) : null}
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_21rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="What is wanted" icon={Trophy}>
            {bounty.description ? (
              <Plain className="px-4 pb-4">{bounty.description}</Plain>
            ) : (
              <Empty>Only its title says what is wanted.</Empty>
            )}
          </Card>
          <Bids bounty={bounty} />
          <Submissions bounty={bounty} onReview={running ? setAsked : undefined} />
          <Paid bounty={bounty} />
        </div>
        <Facts bounty={bounty} />
      </div>
      <CompleteDialog bounty={bounty} open={asked === 'complete'} onClose={() => setAsked(undefined)} onDone={done} />
      <CancelDialog bounty={bounty} open={asked === 'cancel'} onClose={() => setAsked(undefined)} onDone={done} />
      <SubmitDialog bounty={bounty} open={asked === 'submit'} onClose={() => setAsked(undefined)} onDone={done} />
      {typeof asked === 'object' ? (
        <ReviewDialog bounty={bounty} submission={asked} onClose={() => setAsked(undefined)} onDone={done} />
      ) : null}
    </>
  );
}

function Paid({ bounty }: { bounty: BountyView }) {
  if (bounty.status !== 'completed') return null;
  const total = bounty.distributed.reduce((sum, { amount }) => sum + amount, 0);
  return (
    <Card title="Paid out" icon={Coins} aside={<Tokens amount={total} />}>
      <ul className="flex flex-col gap-1.5 px-4 pb-4">
        {bounty.distributed.map(({ identity, amount, place }) => (
          <PayoutRow key={`${place} ${identity}`} place={place} identity={identity} amount={amount} />
        ))}
      </ul>
    </Card>
  );
}

function Facts({ bounty }: { bounty: BountyView }) {
  const { cost_tracking: cost, claimed_by } = bounty;
  return (
    <Card title="Terms" icon={Scale}>
      <dl className="flex flex-col gap-1.5 px-4 pb-4">
        <Fact name="Reward">
          <Tokens amount={bounty.reward} />
        </Fact>
        <Fact name="Escrow">
          {bounty.status === 'completed' ? (
            'paid out'
          ) : bounty.status === 'cancelled' ? (
            'given back'
          ) : (
            <Tokens amount={bounty.reward} />
          )}
        </Fact>
        <Fact name="Places">{bounty.slots}</Fact>
        <Fact name="Offered by">
          <Who id={bounty.created_by} />
        </Fact>
        <Fact name="Claimed by">
          {claimed_by ? (
            claimed_by.type === 'guild' ? (
              <Link href="/guilds" className="hover:text-leaf hover:underline">
                {claimed_by.name}
              </Link>
            ) : (
              <Who id={claimed_by.id} name={claimed_by.name} />
            )
          ) : (
            <span className="text-dim">nobody</span>
          )}
        </Fact>
        <Fact name="Cost so far">
          {usd(cost.api_cost)} · {cost.sessions_used} sessions · {cost.tokens_spent} tokens
        </Fact>
        {cost.duration_hours === undefined ? null : <Fact name="Took">{cost.duration_hours} hours</Fact>}
        <Fact name="Id">
          <span className="break-all font-mono text-[12px]">{bounty.id}</span>
        </Fact>
      </dl>
    </Card>
  );
}
