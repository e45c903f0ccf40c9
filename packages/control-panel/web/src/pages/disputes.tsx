import { Gavel } from 'lucide-react';
import type { DisputeView } from '../../../src/protocol/community.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle } from '../parts/small.tsx';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { DisputeDeeds, DisputeFacts, DisputeWord, TARGETS } from './disputes/parts.tsx';

/** Votes that somebody holds to be wrong, and who decides about them. */
export default function DisputesPage() {
  const read = useRead('disputes', (signal) => society.disputes(signal), ['disputes']);
  return (
    <>
      <PageTitle>Disputes</PageTitle>
      {read.data === undefined ? (
        <div className="card">
          <Reading read={read} label="Loading disputes" lines={5}>
            {() => null}
          </Reading>
        </div>
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {read.data.disputes.length === 0 ? (
            <Card title="Disputes" icon={Gavel}>
              <Empty>
                There are no disputes. A resident may dispute a vote that concerned it; somebody who had no part in it decides.
              </Empty>
            </Card>
          ) : null}
          {read.data.disputes.map((dispute) => (
            <Frame key={dispute.dispute_id}>
              <Dispute dispute={dispute} again={read.again} />
            </Frame>
          ))}
        </div>
      )}
    </>
  );
}

function Dispute({ dispute, again }: { dispute: DisputeView; again: () => void }) {
  return (
    <Card title={TARGETS[dispute.target_type]} icon={Gavel} aside={<DisputeWord dispute={dispute} />}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        <DisputeFacts dispute={dispute} />
        <DisputeDeeds dispute={dispute} again={again} />
      </div>
    </Card>
  );
}
