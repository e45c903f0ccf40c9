import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';

const PAUSE_MS = 250;

/** Words to look for; told on once a person pauses. */
export function SearchField(props: { label: string; placeholder: string; value: string; onChange: (value: string) => void }) {
  const { label, placeholder, value, onChange } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => typed !== value && onChange(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative w-full sm:w-56">
      <Search aria-hidden className="absolute left-2.5 top-2 size-4 text-dim" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className="field bg-panel pl-8"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
