import { Send } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useDraft } from '../../state/draft.ts';
import { useSubmit } from '../../state/use-submit.ts';

const EMPTY = { content: '' };

interface Props {
  readonly name: string;
  readonly label: string;
  readonly submit: string;
  readonly above?: ReactNode;
  readonly onSend: (content: string) => Promise<unknown>;
}

/** Where the person writes. What is typed stays in this browser until it was taken. */
export function Composer({ name, label, submit, above, onSend }: Props) {
  const [draft, change, clear] = useDraft(name, EMPTY);
  const id = useId();
  const sending = useSubmit(async () => {
    if (draft.content.trim() === '') return;
    await onSend(draft.content);
    clear();
  });
  const { refused } = sending;
  const message = refused ? (refused.fields['content'] ?? refused.message) : undefined;
  return (
    <form onSubmit={sending.submit} className="flex flex-col gap-2 border-t border-line p-3">
      {above}
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea
        id={id}
        rows={2}
        className="field resize-y"
        placeholder={label}
        value={draft.content}
        aria-invalid={message !== undefined}
        aria-describedby={message ? `${id}-note` : undefined}
        onChange={(event) => change({ content: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      {message ? (
        <p id={`${id}-note`} role="alert" className="text-bad">
          {message} {refused?.fix}
        </p>
      ) : null}
      <SendRow submit={submit} busy={sending.busy} />
    </form>
  );
}

function SendRow({ submit, busy }: { submit: string; busy: boolean }) {
  return (
    <div className="flex items-center gap-2">
      <span className="mr-auto hidden text-[12px] text-dim sm:inline">
        <kbd className="kbd">Ctrl</kbd> <kbd className="kbd">Enter</kbd> sends
      </span>
      <button type="submit" className="btn btn-go ml-auto" disabled={busy}>
        <Send aria-hidden className="size-3.5" />
        {submit}
      </button>
    </div>
  );
}
