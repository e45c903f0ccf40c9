import { useId } from 'react';

interface Props<T extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [value: T, name: string, meaning: string])[];
  readonly value: T | '';
  readonly onChange: (value: T) => void;
  readonly error?: string | undefined;
}

/** One of a few, each with what it means; none is chosen for the person. The arrow keys go from one to the next. */
export function Choice<T extends string>({ label, choices, value, onChange, error }: Props<T>) {
  const id = useId();
  return (
    <fieldset aria-invalid={error !== undefined} aria-describedby={error ? `${id}-note` : undefined} className="min-w-0">
      <legend className="mb-1 text-[12.5px] font-medium">{label}</legend>
      <div className="flex flex-col gap-1">
        {choices.map(([choice, name, meaning]) => (
          <label
            key={choice}
            className={`flex cursor-pointer items-baseline gap-2 rounded-lg border px-2.5 py-1.5 ${value === choice ? 'border-leaf bg-leafbg' : 'border-line hover:border-leaf'}`}
          >
            <input
              type="radio"
              name={id}
              className="translate-y-0.5 accent-leaf"
              checked={value === choice}
              onChange={() => onChange(choice)}
            />
            <span className="font-medium">{name}</span>
            <span className="min-w-0 text-[12.5px] text-dim">{meaning}</span>
          </label>
        ))}
      </div>
      {error ? (
        <p id={`${id}-note`} className="mt-1 text-[12px] font-medium text-bad">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
