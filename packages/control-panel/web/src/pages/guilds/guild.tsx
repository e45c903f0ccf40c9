import { Users } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GuildView, VoteAnswer } from '../../../../src/protocol/community.ts';
import { Card } from '../../parts/card.tsx';
import { Tag, Tokens, When, Who } from '../../parts/small.tsx';
import { society } from '../../state/society-api.ts';
import { useName } from '../../state/world.ts';
import { type Ballot as Cast, CastVote, type Verdict, VerdictWord, YES_OR_NO } from './vote.tsx';

interface Props {
  readonly guild: GuildView;
  readonly again: () => void;
}

/** A guild: who is in it, what it owns, and what its members decide together. */
export function Guild({ guild, again }: Props) {
  return (
    <Card
      title={guild.name}
      icon={Users}
      aside={
        <span className="text-[12.5px] text-dim">
          Treasury <Tokens amount={guild.refund_pool} />
        </span>
      }
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {guild.members.map((id) => (
            <span key={id} className="inline-flex items-center gap-1">
              <Who id={id} name={guild.member_names[id] ?? id} />
              {id === guild.founder ? <Tag>founder</Tag> : null}
            </span>
          ))}
        </p>
        <p className="text-[12.5px] text-dim">
          {guild.bounties_completed} bounties completed · {guild.total_earned.toLocaleString()} tokens earned · since{' '}
          {new Date(guild.created_at).toLocaleDateString(undefined, { dateStyle: 'medium' })}
        </p>
        <Decisions guild={guild} again={again} />
      </div>
    </Card>
  );
}

/** Those who wish to join, and what the guild wishes to spend. */
function Decisions({ guild, again }: Props) {
  const nameOf = useName();
  return (
    <>
      {guild.requests.map((request) => (
        <Ballot
          key={request.request_id}
          id={request.request_id}
          on={`${nameOf(request.applicant_id)}'s wish to join`}
          {...{ status: request.status, votes: request.votes, at: request.created_at, onDone: again }}
          send={(ballot) => society.voteRequest(request.request_id, ballot)}
        >
          <Who id={request.applicant_id} /> asks to join: <span className="text-dim">{request.message}</span>
        </Ballot>
      ))}
      {guild.spendings.map((wish) => (
        <Ballot
          key={wish.spend_id}
          id={wish.spend_id}
          on={`spending ${wish.amount.toLocaleString()} tokens`}
          {...{ status: wish.status, votes: wish.votes, at: wish.votes[0]?.timestamp, onDone: again }}
          send={(ballot) => society.voteSpending(wish.spend_id, ballot)}
        >
          <Tokens amount={wish.amount} /> for <Who id={wish.to_id} />: <span className="text-dim">{wish.purpose}</span>
        </Ballot>
      ))}
    </>
  );
}

interface BallotProps {
  readonly id: string;
  readonly on: string;
  readonly status: Verdict;
  readonly votes: readonly { readonly voter_id: string; readonly vote: 'accept' | 'reject'; readonly reason: string }[];
  readonly at: string | undefined;
  readonly send: (ballot: Cast) => Promise<VoteAnswer>;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

function Ballot({ id, on, status, votes, at, send, onDone, children }: BallotProps) {
  const open = status === 'pending' && !votes.some(({ voter_id }) => voter_id === 'human');
  return (
    <div className="flex flex-col gap-1 border-t border-line pt-2.5">
      <div className="flex flex-wrap items-center gap-x-3">
        <VerdictWord status={status} />
        <p className="order-last min-w-0 basis-full break-words sm:order-none sm:flex-1 sm:basis-0">{children}</p>
        <span className="ml-auto inline-flex items-center gap-3">
          {at ? <When at={at} /> : null}
          {open ? <CastVote {...{ id, on, send, onDone }} choices={YES_OR_NO} about={<p>{children}</p>} /> : null}
        </span>
      </div>
      <Votes votes={votes} />
    </div>
  );
}

function Votes({ votes }: Pick<BallotProps, 'votes'>) {
  if (votes.length === 0) return <p className="text-[12.5px] text-dim">Nobody has voted yet.</p>;
  return (
    <ul className="flex flex-col gap-0.5 text-[12.5px]">
      {votes.map(({ voter_id, vote, reason }) => (
        <li key={voter_id} className="flex flex-wrap items-center gap-x-2 text-dim">
          <Who id={voter_id} size={16} />
          <span className={vote === 'accept' ? 'text-ok' : 'text-bad'}>{vote === 'accept' ? 'for it' : 'against it'}</span>
          <span className="min-w-0 break-words">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
