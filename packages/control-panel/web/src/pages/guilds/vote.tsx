import { CircleCheck, CircleX, type LucideIcon, Vote as VoteIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { VoteAnswer } from '../../../../src/protocol/community.ts';
import { Choice } from '../../parts/choice.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { Word } from '../../parts/small.tsx';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';

export type Verdict = VoteAnswer['status'];
const LOOKS: Readonly<Record<Verdict, readonly [LucideIcon, string, string]>> = {
  pending: [VoteIcon, 'Voting', 'text-info'],
  accepted: [CircleCheck, 'Accepted', 'text-ok'],
  rejected: [CircleX, 'Rejected', 'text-bad'],
};

export function VerdictWord({ status }: { status: Verdict }) {
  const [icon, word, tone] = LOOKS[status];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}

/** What a person can say to a newcomer or to a wish to spend. */
export const YES_OR_NO = [
  ['accept', 'For it', ''],
  ['reject', 'Against it', ''],
] as const;

interface Props {
  /** The key of what is voted on; a reason that was begun is kept under it. */
  readonly id: string;
  /** What is voted on, as it stands in “Vote on …”. */
  readonly on: string;
  readonly choices: Parameters<typeof Choice<string>>[0]['choices'];
  /** What the voter should see before choosing. */
  readonly about: ReactNode;
  readonly send: (ballot: Ballot) => Promise<VoteAnswer>;
  readonly onDone: () => void;
}

/** The person's one vote: a button, and behind it the choice and its reason. A vote cannot be changed. */
export function CastVote({ onDone, ...rest }: Props) {
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    onDone();
  };
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        Vote<span className="sr-only"> on {rest.on}</span>
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={`Vote on ${rest.on}`} description="Your vote counts once, and stands.">
        <VoteForm {...rest} onDone={done} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

export interface Ballot {
  readonly vote: string;
  readonly reason: string;
}
const NO_VOTE: Ballot = { vote: '', reason: '' };

function VoteForm({ id, choices, about, send, onDone, onClose }: Omit<Props, 'on'> & { onClose: () => void }) {
  const [draft, change, clear] = useDraft(`vote_${id}`, NO_VOTE);
  const cast = async () => {
    const { status } = await send({ ...draft, reason: draft.reason.trim() });
    clear();
    onDone();
    tell('done', status === 'pending' ? 'Your vote is counted; others have yet to vote' : `Your vote decided it: ${status}`);
  };
  return (
    <Form onSend={cast} submit="Cast vote" onCancel={onClose} fields={['vote', 'reason']}>
      {(errorOf) => (
        <>
          <div className="max-h-60 overflow-y-auto rounded-lg border border-line bg-bg px-3 py-2">{about}</div>
          <Choice
            label="Your vote"
            choices={choices}
            value={draft.vote}
            onChange={(vote) => change({ vote })}
            error={errorOf('vote')}
          />
          <TextArea
            label="Reason"
            hint="Kept with your vote"
            value={draft.reason}
            onChange={(reason) => change({ reason })}
            error={errorOf('reason')}
          />
        </>
      )}
    </Form>
  );
}
