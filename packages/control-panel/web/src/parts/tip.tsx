import { Coins } from 'lucide-react';
import { useState } from 'react';
import { useDraft } from '../state/draft.ts';
import { tell } from '../state/notices.ts';
import { numberOr } from '../state/number.ts';
import { society } from '../state/society-api.ts';
import { Dialog } from './dialog.tsx';
import { TextArea, TextField } from './fields.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly id: string;
  readonly name: string;
}

/** Gives a resident tokens for something it did. */
export function TipButton({ id, name }: Props) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        <Coins aria-hidden className="size-4" />
        Tip<span className="sr-only"> {name}</span>
      </button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Tip ${name}`}
        description="70 % go to its free time, 30 % to its journal. What is above a cap goes to the commons."
      >
        <TipForm id={id} name={name} onDone={close} />
      </Dialog>
    </>
  );
}

const NO_TIP = { amount: '', reason: '' };

function TipForm({ id, name, onDone }: Props & { onDone: () => void }) {
  const [draft, change, clear] = useDraft(`tip_${id}`, NO_TIP);
  const send = async () => {
    const { amount } = await society.tip(id, { amount: numberOr(draft.amount), reason: draft.reason });
    clear();
    onDone();
    tell('done', `${name} received ${amount.toLocaleString()} tokens`);
  };
  return (
    <Form onSend={send} submit="Give tokens" onCancel={onDone} fields={['amount', 'reason']}>
      {(errorOf) => (
        <>
          <TextField
            label="Tokens"
            hint="A whole number, at most 5,000"
            numeric
            value={draft.amount}
            onChange={(amount) => change({ amount })}
            error={errorOf('amount')}
          />
          <TextArea
            label="Reason"
            hint="Appears in its wallet's history"
            value={draft.reason}
            onChange={(reason) => change({ reason })}
            error={errorOf('reason')}
          />
        </>
      )}
    </Form>
  );
}
