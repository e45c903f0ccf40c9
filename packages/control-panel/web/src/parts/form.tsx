import type { ReactNode } from 'react';
import { useSubmit } from '../state/use-submit.ts';

export type ErrorOf = (field: string) => string | undefined;

interface Props {
  /** Send it. What it throws is shown at its field, or above the buttons. */
  readonly onSend: () => Promise<void>;
  readonly submit: string;
  readonly tone?: 'btn-go' | 'btn-bad';
  readonly cancel?: string;
  readonly onCancel?: () => void;
  /** Fields that show their own message. */
  readonly fields?: readonly string[];
  readonly children: (errorOf: ErrorOf) => ReactNode;
}

/** A form that keeps what was typed until it was taken, and shows what the contract says against it. Ctrl+Enter sends. */
export function Form({ onSend, submit, tone = 'btn-go', cancel = 'Close', onCancel, fields = [], children }: Props) {
  const { submit: send, busy, refused } = useSubmit(onSend);
  const errorOf: ErrorOf = (field) => refused && messageAt(refused.fields, field);
  return (
    <form
      onSubmit={send}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
      className="mt-4 flex flex-col gap-4"
    >
      {children(errorOf)}
      {refused && !fields.some((field) => errorOf(field)) ? (
        <p role="alert" className="text-bad">
          {refused.message}
          {refused.fix ? <span className="block text-dim">{refused.fix}</span> : null}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {onCancel ? (
          <button type="button" className="btn" onClick={onCancel}>
            {cancel}
          </button>
        ) : null}
        <button type="submit" className={`btn ${tone}`} disabled={busy}>
          {submit}
        </button>
      </div>
    </form>
  );
}

/** What is said against a field, or against the first part of it that is at fault. */
function messageAt(messages: Readonly<Record<string, string>>, field: string): string | undefined {
  return messages[field] ?? Object.entries(messages).find(([name]) => name.startsWith(`${field}.`))?.[1];
}
