import { FileCheck } from 'lucide-react';
import { Link } from 'wouter';
import type { BountyView, SubmissionView } from '../../../../src/protocol/bounties.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Plain, Tag, Tokens, When, Who } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';

/** What was handed in for a bounty, and what was said about it. `onReview` is there while it can be judged. */
export function Submissions({
  bounty,
  onReview,
}: {
  bounty: BountyView;
  onReview: ((submission: SubmissionView) => void) | undefined;
}) {
  return (
    <Card
      title="Handed in"
      icon={FileCheck}
      aside={<span className="num text-[12.5px] text-dim">{`${bounty.slot_state.filled} of ${bounty.slots} places`}</span>}
    >
      {bounty.teams.length === 0 ? <Empty>Nobody handed in work yet.</Empty> : null}
      <ul className="flex flex-col divide-y divide-line">
        {bounty.teams.map((one) => (
          <li key={one.id} className="flex flex-col gap-1.5 px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-medium">
                <Who id={one.identity_id} name={one.identity_name} />
              </span>
              {one.guild_name ? <Tag>{one.guild_name}</Tag> : null}
              <Worth submission={one} />
              <When at={one.submitted_at} className="ml-auto" />
            </div>
            {one.description ? <Plain>{one.description}</Plain> : <p className="text-dim">Without a word.</p>}
            {one.artifacts.length > 0 ? <Files paths={one.artifacts} /> : null}
            {one.notes ? <Plain className="text-dim">{one.notes}</Plain> : null}
            {one.members.length > 1 ? (
              <p className="flex flex-wrap items-center gap-2 text-[12.5px] text-dim">
                Together with
                {one.members.slice(1).map((member) => (
                  <Who key={member} id={member} size={16} />
                ))}
              </p>
            ) : null}
            <div className="flex flex-wrap items-center gap-3">
              {one.review ? (
                <p className={one.review.verdict === 'accepted' ? 'text-ok' : 'text-bad'}>
                  {one.review.verdict === 'accepted' ? 'Accepted' : 'Rejected'}:{' '}
                  <span className="text-ink">{one.review.evidence}</span>
                </p>
              ) : null}
              {onReview ? (
                <button type="button" className="btn ml-auto" onClick={() => onReview(one)}>
                  {one.review ? 'Judge again' : 'Judge'}
                  <span className="sr-only"> the work of {one.identity_name}</span>
                </button>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  in_slot: 'in time',
  overflow: 'after the places were filled',
  repeat_submission: 'already handed in once',
  insufficient_contribution: 'too thin to count',
};

function Worth({ submission }: { submission: SubmissionView }) {
  const why = submission.slot_reason
    .split(',')
    .map((reason) => REASONS[reason] ?? reason)
    .join(', ');
  return (
    <span className="text-[12.5px] text-dim">
      at most <Tokens amount={submission.reward_cap} /> · {why}
      {submission.slot_multiplier === 1 ? '' : ` · × ${submission.slot_multiplier.toFixed(2)}`}
    </span>
  );
}

function Files({ paths }: { paths: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 font-mono text-[12px]">
      {paths.map((path) => (
        <li key={path} className="min-w-0 break-all">
          <Link href={`/library?path=${inAddress(path)}`} className="text-leaf hover:underline">
            {path}
          </Link>
        </li>
      ))}
    </ul>
  );
}
