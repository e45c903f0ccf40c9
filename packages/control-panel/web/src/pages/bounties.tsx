import { Plus, Trophy } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { BountyView } from '../../../src/protocol/bounties.ts';
import { Card, Empty, Loading, Trouble } from '../parts/card.tsx';
import { Filters } from '../parts/fields.tsx';
import { Frame } from '../parts/frame.tsx';
import { More, PageTitle, Tokens, When } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { useOlder } from '../state/use-older.ts';
import { useName } from '../state/world.ts';
import { OfferBountyDialog } from './bounty/offer.tsx';
import { BountyWord } from './bounty/word.tsx';

const CHOICES = [
  ['active', 'Active'],
  ['completed', 'Paid'],
  ['cancelled', 'Cancelled'],
  ['all', 'All'],
] as const;

/** Work that is offered for tokens, from the offer to the payout. */
export default function BountiesPage() {
  const [status, setStatus] = useState<(typeof CHOICES)[number][0]>('active');
  const [offering, setOffering] = useState(false);
  const { data, trouble, again } = useRead(`bounties ${status}`, (signal) => society.bounties(status, undefined, signal), [
    'bounties',
  ]);
  return (
    <>
      <PageTitle
        aside={
          <>
            <Filters label="Filter by state" choices={CHOICES} value={status} onChange={setStatus} />
            <button type="button" className="btn btn-go" onClick={() => setOffering(true)}>
              <Plus aria-hidden className="size-4" />
              Offer bounty
            </button>
          </>
        }
      >
        Bounties
      </PageTitle>
      {trouble ? (
        <div className="card mb-3">
          <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} />
        </div>
      ) : null}
      {data === undefined && !trouble ? (
        <div className="card">
          <Loading label="Loading bounties" lines={6} />
        </div>
      ) : null}
      {data ? <Offers key={status} status={status} first={data} /> : null}
      <OfferBountyDialog open={offering} onOpenChange={setOffering} />
    </>
  );
}

const PAGE = 50;
/** The list is a bare array; a full page has another behind it. */
const pageOf = (rows: readonly BountyView[]) => ({ rows, next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null) });

function Offers({ status, first }: { status: (typeof CHOICES)[number][0]; first: readonly BountyView[] }) {
  const { rows, more } = useOlder(pageOf(first), async (cursor) => pageOf(await society.bounties(status, cursor)));
  if (rows.length === 0)
    return (
      <Card title="Bounties" icon={Trophy}>
        <Empty>
          {status === 'active'
            ? 'Nothing is offered at this moment. Offer a bounty: its reward waits in escrow until you pay it out or cancel it.'
            : 'There is none of these yet.'}
        </Empty>
      </Card>
    );
  return (
    <>
      <ul className="grid gap-3 lg:grid-cols-2">
        {rows.map((bounty) => (
          <li key={bounty.id} className="card relative flex flex-col gap-2 p-4 focus-within:border-leaf hover:border-leaf">
            <Frame>
              <Bounty bounty={bounty} />
            </Frame>
          </li>
        ))}
      </ul>
      {more ? <More onMore={more}>Show more bounties</More> : null}
    </>
  );
}

function Bounty({ bounty }: { bounty: BountyView }) {
  const nameOf = useName();
  const { teams, slots } = bounty;
  return (
    <>
      <div className="flex items-start gap-3">
        <h2 className="min-w-0 flex-1 break-words text-[14.5px] font-semibold">
          <Link href={`/bounties/${inAddress(bounty.id)}`} className="after:absolute after:inset-0">
            {bounty.title}
          </Link>
        </h2>
        <Tokens amount={bounty.reward} />
      </div>
      {bounty.description ? <p className="line-clamp-2 break-words text-dim">{bounty.description}</p> : null}
      <div className="mt-auto flex flex-wrap items-center gap-x-3 gap-y-1 text-[12.5px] text-dim">
        <BountyWord status={bounty.status} />
        <span>
          {teams.length === 0 ? 'nothing handed in' : `${teams.length} handed in`} · {slots === 1 ? '1 place' : `${slots} places`}
        </span>
        <span>by {bounty.created_by === 'human' ? 'you' : nameOf(bounty.created_by)}</span>
        <When at={bounty.created_at} className="ml-auto" />
      </div>
    </>
  );
}
