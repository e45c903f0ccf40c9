import { Send } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Refused } from '../../state/api.ts';
import { useDraft } from '../../state/draft.ts';

const EMPTY = { content: '' };

/** Where the person writes. What is typed stays in this browser until it was taken. */
export function Composer({
  name,
  label,
  submit,
  above,
  onSend,
}: {
  name: string;
  label: string;
  submit: string;
  above?: ReactNode;
  onSend: (content: string) => Promise<unknown>;
}) {
  const [draft, change, clear] = useDraft(name, EMPTY);
  const [refused, setRefused] = useState<Refused | undefined>();
  const [busy, setBusy] = useState(false);
  const id = useId();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || draft.content.trim() === '') return;
    setBusy(true);
    try {
      await onSend(draft.content);
      setRefused(undefined);
      clear();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  const message = refused ? (refused.fields['content'] ?? refused.message) : undefined;
  return (
    <form onSubmit={send} className="flex flex-col gap-2 border-t border-line p-3">
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
      <div className="flex items-center gap-2">
        <span className="mr-auto hidden text-[12px] text-dim sm:inline">
          <kbd className="kbd">Ctrl</kbd> <kbd className="kbd">Enter</kbd> sends
        </span>
        <button type="submit" className="btn btn-go ml-auto" disabled={busy}>
          <Send aria-hidden className="size-3.5" />
          {submit}
        </button>
      </div>
    </form>
  );
}
