import { type ReactNode, useId } from 'react';

interface Given {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

/** A label, its input, a hint, and what the contract says against the value. */
export function FormField(props: {
  label: string;
  hint?: string;
  error?: string | undefined;
  children: (given: Given) => ReactNode;
}) {
  const { label, hint, error, children } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-[12.5px] font-medium">
        {label}
      </label>
      {children({ id, 'aria-invalid': error !== undefined, 'aria-describedby': note ? `${id}-note` : undefined })}
      {note ? (
        <p id={`${id}-note`} className={`text-[12px] ${error ? 'font-medium text-bad' : 'text-dim'}`}>
          {note}
        </p>
      ) : null}
    </div>
  );
}
