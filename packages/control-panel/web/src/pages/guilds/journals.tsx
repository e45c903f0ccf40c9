import { BookHeart } from 'lucide-react';
import { Link } from 'wouter';
import type { JournalRow } from '../../../../src/protocol/community.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { Reading } from '../../parts/reading.tsx';
import { Plain, Tokens, When, Who } from '../../parts/small.tsx';
import { TipButton } from '../../parts/tip.tsx';
import { useRead } from '../../state/society.ts';
import { society } from '../../state/society-api.ts';
import { CastVote, VerdictWord } from './vote.tsx';

const CHOICES = [
  ['accept', 'Accept', 'worth what it cost'],
  ['exceptional', 'Exceptional', 'others should read it'],
  ['reject', 'Reject', 'not worth it'],
  ['gaming', 'Gaming', 'written for the tokens only'],
] as const;

/** What residents wrote for others to vote on, and the person's vote among theirs. */
export function Journals() {
  const read = useRead('journals', (signal) => society.journals(signal), ['journals']);
  return (
    <Card title="Journals" icon={BookHeart} aside={<span className="text-[12.5px] text-dim">Blind until three have voted</span>}>
      <Reading read={read} label="Loading journals">
        {({ journals }) =>
          journals.length === 0 ? (
            <Empty>No journal was written for others yet.</Empty>
          ) : (
            <ul className="flex flex-col divide-y divide-line">
              {journals.map((journal) => (
                <Frame key={journal.journal_id} as="li">
                  <Journal journal={journal} again={read.again} />
                </Frame>
              ))}
              <Objection />
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}

function Journal({ journal, again }: { journal: JournalRow; again: () => void }) {
  const open = journal.status === 'pending' && !journal.voted;
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3">
        <VerdictWord status={journal.status} />
        <span className="text-[12.5px] text-dim">
          {journal.journal_type} · {journal.word_count} words · {journal.votes} of 3 votes
          {journal.voted ? ', yours among them' : ''}
        </span>
        <When at={journal.created_at} className="ml-auto" />
      </div>
      {journal.review_excerpt ? <Plain className="text-dim">{journal.review_excerpt}</Plain> : null}
      {open ? (
        <div>
          <CastVote
            id={journal.journal_id}
            on={`a journal of the kind ${journal.journal_type}`}
            choices={CHOICES}
            about={<Plain>{journal.review_excerpt ?? ''}</Plain>}
            send={(ballot) => society.voteJournal(journal.journal_id, ballot)}
            onDone={again}
          />
        </div>
      ) : null}
      <Author journal={journal} />
    </li>
  );
}

/** Known once the vote is decided. */
function Author({ journal: { author_id, author_name, result } }: { journal: JournalRow }) {
  if (author_id === undefined) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <Who id={author_id} {...(author_name ? { name: author_name } : {})} size={16} />
      {result ? (
        <span className="text-[12.5px] text-dim">
          got <Tokens amount={result.total_awarded} />
          {result.gaming_flagged ? ' · flagged as gaming' : ''}
        </span>
      ) : null}
      <span className="ml-auto">
        <TipButton id={author_id} name={author_name ?? author_id} />
      </span>
    </div>
  );
}

function Objection() {
  return (
    <li className="px-4 py-2.5 text-[12.5px] text-dim">
      A vote that went wrong can be disputed by those it concerned.{' '}
      <Link href="/disputes" className="text-leaf underline underline-offset-2">
        See disputes
      </Link>
    </li>
  );
}
