import { useCallback, useState } from 'react';

/** Text that a person is typing, kept in this browser until it was accepted: no reload and no lost connection takes it. */
export function useDraft<T extends object>(name: string, empty: T): [T, (change: Partial<T>) => void, () => void] {
  const key = `vivarium_draft_${name}`;
  const [draft, setDraft] = useState<T>(() => ({ ...empty, ...load(key) }));
  const change = useCallback(
    (part: Partial<T>) =>
      setDraft((former) => {
        const next = { ...former, ...part };
        save(key, next);
        return next;
      }),
    [key],
  );
  const clear = useCallback(() => {
    save(key, undefined);
    setDraft(empty);
  }, [key, empty]);
  return [draft, change, clear];
}

/** Put words into a form that is not open at this moment. */
export function putDraft(name: string, part: object): void {
  const key = `vivarium_draft_${name}`;
  save(key, { ...load(key), ...part });
}

function load(key: string): object {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function save(key: string, value: object | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still lets a person type.
  }
}
