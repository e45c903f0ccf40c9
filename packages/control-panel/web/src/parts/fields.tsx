import type { ReactNode } from 'react';
import { FormField } from './form-field.tsx';

interface Common {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
}

export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  placeholder,
  numeric = false,
}: Common & { placeholder?: string; numeric?: boolean }) {
  return (
    <FormField label={label} error={error} {...(hint ? { hint } : {})}>
      {(given) => (
        <input
          {...given}
          className="field"
          value={value}
          placeholder={placeholder}
          inputMode={numeric ? 'numeric' : undefined}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}

export function TextArea({ label, value, onChange, hint, error, rows = 3 }: Common & { rows?: number }) {
  return (
    <FormField label={label} error={error} {...(hint ? { hint } : {})}>
      {(given) => (
        <textarea
          {...given}
          rows={rows}
          className="field resize-y"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}

export function Select({ label, value, onChange, hint, error, children }: Common & { children: ReactNode }) {
  return (
    <FormField label={label} error={error} {...(hint ? { hint } : {})}>
      {(given) => (
        <select {...given} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
          {children}
        </select>
      )}
    </FormField>
  );
}

/** Buttons of which one is chosen. */
export function Filters<T extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {choices.map(([choice, name]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={value === choice}
          className={`btn ${value === choice ? 'border-leaf bg-leafbg text-leaf' : ''}`}
          onClick={() => onChange(choice)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
