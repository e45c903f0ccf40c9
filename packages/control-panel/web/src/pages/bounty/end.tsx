import { useState } from 'react';
import type { BountyView } from '../../../../src/protocol/bounties.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextField } from '../../parts/fields.tsx';
import { type ErrorOf, Form } from '../../parts/form.tsx';
import { attempt, tell } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { given } from './offer.tsx';
import { type Choice, Preview, usePreview } from './payout.tsx';

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

const REWARDS = ['winner_reward', 'runner_up_reward'] as const;

function CompleteForm({ bounty, onClose, onDone }: Props) {
  const payable = bounty.teams.filter(({ review }) => review?.verdict !== 'rejected');
  const several = bounty.teams.length > 1;
  const [choice, setChoice] = useState<Choice>({
    winner_reward: String(bounty.reward),
    runner_up_reward: '',
    winner_submission_id: payable[0]?.id ?? '',
    runner_up_submission_id: payable[1]?.id ?? '',
  });
  const preview = usePreview(bounty.id, choice);
  /** The preview is asked anew with the same choice. */
  const topUp = async (amount: number) => {
    if (await attempt(() => society.topUpBounty(bounty.id, amount))) setChoice({ ...choice });
  };
  const send = async () => {
    const { winner_reward, runner_up_reward, ...ids } = choice;
    const chosen = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== ''));
    const body = { ...given('winner_reward', winner_reward), ...given('runner_up_reward', runner_up_reward), ...chosen };
    const { total_distributed } = await society.completeBounty(bounty.id, body);
    tell('done', `Paid ${total_distributed} tokens for “${bounty.title}”`);
    onDone();
  };
  const place = (errorOf: ErrorOf) => ({ bounty, among: payable, choice, setChoice, errorOf });
  return (
    <Form onSend={send} submit="Complete bounty" onCancel={onClose} fields={REWARDS}>
      {(errorOf) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <Place {...place(errorOf)} name="Winner" who="winner" hint="Whole tokens, times the worth of its place" />
            {several ? <Place {...place(errorOf)} name="Runner-up" who="runner_up" /> : null}
          </div>
          <Preview preview={preview} onTopUp={topUp} />
        </>
      )}
    </Form>
  );
}

interface PlaceProps extends Pick<PickProps, 'bounty' | 'among'> {
  readonly name: string;
  readonly who: 'winner' | 'runner_up';
  readonly hint?: string;
  readonly choice: Choice;
  readonly setChoice: (choice: Choice) => void;
  readonly errorOf: ErrorOf;
}

/** Who takes a place, and what for. */
function Place({ bounty, among, name, who, hint, choice, setChoice, errorOf }: PlaceProps) {
  const [work, reward] = [`${who}_submission_id`, `${who}_reward`] as const;
  return (
    <>
      <PickWork
        label={name}
        bounty={bounty}
        among={among}
        value={choice[work]}
        onChange={(id) => setChoice({ ...choice, [work]: id })}
      />
      <TextField
        label={`${name}'s reward`}
        {...(hint ? { hint } : {})}
        numeric
        value={choice[reward]}
        onChange={(amount) => setChoice({ ...choice, [reward]: amount })}
        error={errorOf(reward)}
      />
    </>
  );
}

interface PickProps {
  readonly label: string;
  readonly bounty: BountyView;
  readonly among: BountyView['teams'];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function PickWork({ label, bounty, among, value, onChange }: PickProps) {
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

/** Take an offer back; what lies in escrow returns to where it came from. */
export function CancelDialog({ bounty, open, onClose, onDone }: Props) {
  const send = async () => {
    const { returned } = await society.cancelBounty(bounty.id);
    tell('done', `Cancelled “${bounty.title}”; ${returned} tokens went back`);
    onDone();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => open || onClose()}
      title={`Cancel “${bounty.title}”?`}
      description="What lies in escrow goes back to who paid it in. Work that was handed in has to be judged first."
    >
      <Form onSend={send} submit="Cancel bounty" tone="btn-bad" cancel="Keep it" onCancel={onClose}>
        {() => null}
      </Form>
    </Dialog>
  );
}
