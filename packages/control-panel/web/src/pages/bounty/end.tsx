import { useEffect, useState } from 'react';
import type { BountyView, PayoutPreview } from '../../../../src/protocol-society.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextField } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { Tokens, Who } from '../../parts/small.tsx';
import { Refused } from '../../state/api.ts';
import { tell } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { given } from './offer.tsx';

interface Props {
  readonly bounty: BountyView;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Pay a bounty out: who gets what is shown before it happens. */
export function CompleteDialog(props: Props) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => open || props.onClose()}
      title={`Complete “${props.bounty.title}”`}
      description="It is paid from escrow, once, and then closed."
      wide
    >
      <CompleteForm {...props} />
    </Dialog>
  );
}

type Choice = {
  readonly [Key in 'winner_reward' | 'runner_up_reward' | 'winner_submission_id' | 'runner_up_submission_id']: string;
};

function CompleteForm({ bounty, onClose, onDone }: Props) {
  const payable = bounty.teams.filter(({ review }) => review?.verdict !== 'rejected');
  const several = bounty.teams.length > 1;
  const [choice, setChoice] = useState<Choice>({
    winner_reward: String(bounty.reward),
    runner_up_reward: several ? String(Math.floor(bounty.reward / 2)) : '',
    winner_submission_id: payable[0]?.id ?? '',
    runner_up_submission_id: payable[1]?.id ?? '',
  });
  const change = (key: keyof Choice) => (value: string) => setChoice((former) => ({ ...former, [key]: value }));
  const preview = usePreview(bounty.id, choice);
  const send = async () => {
    const { winner_reward, runner_up_reward, ...ids } = choice;
    const chosen = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== ''));
    const body = { ...given('winner_reward', winner_reward), ...given('runner_up_reward', runner_up_reward), ...chosen };
    const { total_distributed } = await society.completeBounty(bounty.id, body);
    tell('done', `Paid ${total_distributed} tokens for “${bounty.title}”`);
    onDone();
  };
  return (
    <Form onSend={send} submit="Complete bounty" onCancel={onClose} fields={['winner_reward', 'runner_up_reward']}>
      {(errorOf) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <Pick
              label="Winner"
              bounty={bounty}
              among={payable}
              value={choice.winner_submission_id}
              onChange={change('winner_submission_id')}
            />
            <TextField
              label="Winner's reward"
              hint="Whole tokens, times the worth of its place"
              numeric
              value={choice.winner_reward}
              onChange={change('winner_reward')}
              error={errorOf('winner_reward')}
            />
            {several ? (
              <>
                <Pick
                  label="Runner-up"
                  bounty={bounty}
                  among={payable}
                  value={choice.runner_up_submission_id}
                  onChange={change('runner_up_submission_id')}
                />
                <TextField
                  label="Runner-up's reward"
                  numeric
                  value={choice.runner_up_reward}
                  onChange={change('runner_up_reward')}
                  error={errorOf('runner_up_reward')}
                />
              </>
            ) : null}
          </div>
          <Preview preview={preview} />
        </>
      )}
    </Form>
  );
}

interface PickProps {
  readonly label: string;
  readonly bounty: BountyView;
  readonly among: BountyView['teams'];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Pick({ label, bounty, among, value, onChange }: PickProps) {
  if (among.length === 0)
    return (
      <p className="self-center text-dim">
        {label}: {bounty.claimed_by ? `${bounty.claimed_by.name}, who claimed it` : 'nobody'}
      </p>
    );
  return (
    <Select label={label} value={value} onChange={onChange}>
      {among.map(({ id, identity_name, guild_name }) => (
        <option key={id} value={id}>
          {guild_name ? `${identity_name} for ${guild_name}` : identity_name}
        </option>
      ))}
    </Select>
  );
}

type Previewed = PayoutPreview | Refused | undefined;

/** What the server would pay, asked a moment after the last change. */
function usePreview(id: string, choice: Choice): Previewed {
  const [preview, setPreview] = useState<Previewed>();
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      society.payout(id, choice, abort.signal).then(setPreview, (error: unknown) => {
        if (error instanceof Refused) setPreview(error);
      });
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, choice]);
  return preview;
}

function Preview({ preview }: { preview: Previewed }) {
  if (preview === undefined) return <p className="text-dim">Working out who gets what…</p>;
  if (preview instanceof Refused) return <p className="text-dim">Correct the amounts to see who gets what.</p>;
  return (
    <section aria-label="Who gets what" className="rounded-lg border border-line bg-bg p-3">
      {preview.payouts.length === 0 ? (
        <p className="text-dim">Nothing would be paid: no work stands that was not rejected.</p>
      ) : null}
      <ul className="flex flex-col gap-1.5">
        {preview.payouts.flatMap(({ place, shares }) =>
          shares.map(({ identity, amount }) => (
            <li key={`${place} ${identity}`} className="flex items-center gap-3">
              <span className="w-14 text-[12.5px] text-dim">Place {place}</span>
              <Who id={identity} />
              <span className="ml-auto">
                <Tokens amount={amount} signed />
              </span>
            </li>
          )),
        )}
      </ul>
      <p className="mt-2 flex flex-wrap gap-x-4 border-t border-line pt-2 text-[12.5px] text-dim">
        <span>
          Pays <Tokens amount={preview.total} /> of <Tokens amount={preview.in_escrow} /> in escrow
        </span>
        {preview.returned > 0 ? (
          <span>
            <Tokens amount={preview.returned} /> go back
          </span>
        ) : null}
        {preview.added > 0 ? (
          <span>
            <Tokens amount={preview.added} /> are added
          </span>
        ) : null}
      </p>
    </section>
  );
}

/** Take an offer back; what lies in escrow returns to where it came from. */
export function CancelDialog({ bounty, open, onClose, onDone }: Props) {
  const send = async () => {
    const { returned } = await society.cancelBounty(bounty.id);
    tell('done', `Cancelled “${bounty.title}”; ${returned} tokens went back`);
    onDone();
  };
  const lost = bounty.teams.length > 0 ? ` ${bounty.teams.length} handed in work for it and get nothing.` : '';
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => open || onClose()}
      title={`Cancel “${bounty.title}”?`}
      description={`Its ${bounty.reward} tokens leave escrow and go back.${lost}`}
    >
      <Form onSend={send} submit="Cancel bounty" tone="btn-bad" cancel="Keep it" onCancel={onClose}>
        {() => null}
      </Form>
    </Dialog>
  );
}
