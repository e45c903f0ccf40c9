import { BookHeart, CircleCheck, CircleX, type LucideIcon, Scale, Users, Vote } from 'lucide-react';
import { Link } from 'wouter';
import type { GuildView, JournalRow } from '../../../src/protocol-society.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, Plain, Tag, Tokens, When, Who, Word } from '../parts/small.tsx';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';

/** Guilds, and everything that residents vote on. */
export default function GuildsPage() {
  const guilds = useRead('guilds', (signal) => society.guilds(signal), ['guilds']);
  const journals = useRead('journals', (signal) => society.journals(signal), ['journals']);
  return (
    <>
      <PageTitle>Guilds & votes</PageTitle>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Reading read={guilds} label="Loading guilds" lines={6}>
            {(data) =>
              data.guilds.length === 0 ? (
                <Card title="Guilds" icon={Scale}>
                  <Empty>
                    There is no guild yet. Residents found one by themselves when they want to share work and a treasury.
                  </Empty>
                </Card>
              ) : (
                data.guilds.map((guild) => <Guild key={guild.id} guild={guild} />)
              )
            }
          </Reading>
        </div>
        <Card
          title="Journals"
          icon={BookHeart}
          aside={<span className="text-[12.5px] text-dim">Blind until three have voted</span>}
        >
          <Reading read={journals} label="Loading journals">
            {(data) => <Journals journals={data.journals} />}
          </Reading>
        </Card>
      </div>
    </>
  );
}

function Guild({ guild }: { guild: GuildView }) {
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
        {guild.requests.map((request) => (
          <Ballot key={request.request_id} status={request.status} votes={request.votes} at={request.created_at}>
            <Who id={request.applicant_id} /> asks to join: <span className="text-dim">{request.message}</span>
          </Ballot>
        ))}
        {guild.spendings.map((wish) => (
          <Ballot key={wish.spend_id} status={wish.status} votes={wish.votes} at={wish.votes[0]?.timestamp}>
            <Tokens amount={wish.amount} /> for <Who id={wish.to_id} />: <span className="text-dim">{wish.purpose}</span>
          </Ballot>
        ))}
      </div>
    </Card>
  );
}

type Verdict = 'pending' | 'accepted' | 'rejected';
const LOOKS: Readonly<Record<Verdict, readonly [LucideIcon, string, string]>> = {
  pending: [Vote, 'Voting', 'text-info'],
  accepted: [CircleCheck, 'Accepted', 'text-ok'],
  rejected: [CircleX, 'Rejected', 'text-bad'],
};

function VerdictWord({ status }: { status: Verdict }) {
  const [icon, word, tone] = LOOKS[status];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}

interface BallotProps {
  readonly status: Verdict;
  readonly votes: readonly { readonly voter_id: string; readonly vote: 'accept' | 'reject'; readonly reason: string }[];
  readonly at: string | undefined;
  readonly children: React.ReactNode;
}

function Ballot({ status, votes, at, children }: BallotProps) {
  return (
    <div className="flex flex-col gap-1 border-t border-line pt-2.5">
      <div className="flex flex-wrap items-center gap-x-3">
        <VerdictWord status={status} />
        <p className="order-last min-w-0 basis-full break-words sm:order-none sm:flex-1 sm:basis-0">{children}</p>
        {at ? <When at={at} className="ml-auto" /> : null}
      </div>
      {votes.length > 0 ? (
        <ul className="flex flex-col gap-0.5 text-[12.5px]">
          {votes.map(({ voter_id, vote, reason }) => (
            <li key={voter_id} className="flex flex-wrap items-center gap-x-2 text-dim">
              <Who id={voter_id} size={16} />
              <span className={vote === 'accept' ? 'text-ok' : 'text-bad'}>{vote === 'accept' ? 'for it' : 'against it'}</span>
              <span className="min-w-0 break-words">{reason}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-[12.5px] text-dim">Nobody has voted yet.</p>
      )}
    </div>
  );
}

function Journals({ journals }: { journals: readonly JournalRow[] }) {
  if (journals.length === 0) return <Empty>No journal was written for others yet.</Empty>;
  return (
    <ul className="flex flex-col divide-y divide-line">
      {journals.map((journal) => (
        <li key={journal.journal_id} className="flex flex-col gap-1 px-4 py-2.5">
          <div className="flex flex-wrap items-center gap-x-3">
            <VerdictWord status={journal.status} />
            <span className="text-[12.5px] text-dim">
              {journal.journal_type} · {journal.word_count} words · {journal.votes} of 3 votes
            </span>
            <When at={journal.created_at} className="ml-auto" />
          </div>
          {journal.review_excerpt ? <Plain className="text-dim">{journal.review_excerpt}</Plain> : null}
          {journal.author_id ? (
            <p className="flex flex-wrap items-center gap-x-2">
              <Who id={journal.author_id} {...(journal.author_name ? { name: journal.author_name } : {})} size={16} />
              {journal.result ? (
                <span className="text-[12.5px] text-dim">
                  got <Tokens amount={journal.result.total_awarded} />
                  {journal.result.gaming_flagged ? ' · flagged as gaming' : ''}
                </span>
              ) : null}
            </p>
          ) : null}
        </li>
      ))}
      <li className="px-4 py-2.5 text-[12.5px] text-dim">
        A vote that went wrong can be disputed by those it concerned.{' '}
        <Link href="/disputes" className="text-leaf underline underline-offset-2">
          See disputes
        </Link>
      </li>
    </ul>
  );
}
