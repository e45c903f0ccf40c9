import { Dialog } from '../../parts/dialog.tsx';
import { TextArea, TextField } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { api } from '../../state/api.ts';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';
import { numberOr } from '../../state/number.ts';
import { society } from '../../state/society-api.ts';

interface Props {
  readonly id: string;
  readonly name: string;
  readonly open: boolean;
  readonly onDone: () => void;
}

const NO_WORDS = { content: '' };
const NO_TASK = { prompt: '', max_budget: '' };

/** Write to a resident; it reads it when it wakes. */
export function WriteDialog({ id, name, open, onDone }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => open || onDone()}
      title={`Send a message to ${name}`}
      description="It reads this when it wakes next, and gets 8 tokens for your attention."
    >
      <WriteForm id={id} name={name} onDone={onDone} />
    </Dialog>
  );
}

function WriteForm({ id, name, onDone }: Omit<Props, 'open'>) {
  const [draft, change, clear] = useDraft(`write_${id}`, NO_WORDS);
  const send = async () => {
    await society.send(id, draft.content);
    clear();
    onDone();
    tell('done', `Sent to ${name}`);
  };
  return (
    <Form onSend={send} submit="Send message" onCancel={onDone} fields={['content']}>
      {(errorOf) => (
        <TextArea
          label="Message"
          rows={4}
          value={draft.content}
          onChange={(content) => change({ content })}
          error={errorOf('content')}
        />
      )}
    </Form>
  );
}

/** A task that only this resident may do. */
export function PinTaskDialog({ id, name, open, onDone }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => open || onDone()}
      title={`Pin a task to ${name}`}
      description={`Only ${name} does it.`}
    >
      <PinForm id={id} name={name} onDone={onDone} />
    </Dialog>
  );
}

function PinForm({ id, name, onDone }: Omit<Props, 'open'>) {
  const [draft, change, clear] = useDraft(`pin_${id}`, NO_TASK);
  const send = async () => {
    const budget = draft.max_budget.trim() === '' ? {} : { max_budget: numberOr(draft.max_budget) };
    const { task_ids } = await api.addTask({ prompt: draft.prompt, identity_id: id, ...budget });
    clear();
    onDone();
    tell('done', `Pinned ${task_ids[0]} to ${name}`);
  };
  return (
    <Form onSend={send} submit="Pin task" onCancel={onDone} fields={['prompt', 'max_budget']}>
      {(errorOf) => (
        <>
          <TextArea
            label="Prompt"
            hint={`What ${name} should do`}
            rows={4}
            value={draft.prompt}
            onChange={(prompt) => change({ prompt })}
            error={errorOf('prompt')}
          />
          <TextField
            label="Max budget"
            hint="US dollars"
            placeholder="0.10"
            value={draft.max_budget}
            onChange={(max_budget) => change({ max_budget })}
            error={errorOf('max_budget')}
          />
        </>
      )}
    </Form>
  );
}
