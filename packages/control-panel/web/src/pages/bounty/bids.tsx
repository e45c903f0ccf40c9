import { Gavel } from 'lucide-react';
import type { BountyView } from '../../../../src/protocol/bounties.ts';
import { Card } from '../../parts/card.tsx';
import { Plain, Tokens, Who } from '../../parts/small.tsx';
import { localTime } from '../../state/format.ts';

/** Bids that nobody sees before all are opened together. */
export function Bids({ bounty: { bidding, bids_until } }: { bounty: BountyView }) {
  if (!bidding || bids_until === undefined) return null;
  const { bids, opened, opened_at, winner } = bidding;
  return (
    <Card title="Sealed bids" icon={Gavel} aside={<span className="text-dim">{bids}</span>}>
      {opened === undefined || opened_at === undefined ? (
        <p className="px-4 pb-4 text-dim">Taken until {localTime(bids_until)}, then opened together: the lowest price has it.</p>
      ) : (
        <ul className="flex flex-col gap-2 px-4 pb-4">
          <li className="text-dim">
            {winner === undefined ? 'Nobody bid' : 'Opened'} {localTime(opened_at)}
          </li>
          {opened.map(({ identity_id, price, pitch }) => (
            <li key={identity_id} className="flex flex-wrap items-center gap-x-3">
              <Who id={identity_id} />
              {identity_id === winner ? <span className="text-leaf">has it</span> : null}
              <span className="ml-auto">
                <Tokens amount={price} />
              </span>
              <Plain className="w-full text-[12.5px] text-dim">{pitch}</Plain>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
