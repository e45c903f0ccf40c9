import { useEffect, useRef } from 'react';
import { isBusy, isTyping } from '../../shell/use-shortcuts.ts';

/** Keys of this page, by the key's name in lower case. Silent while a person types or a dialog is open, and after `g`. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    let chordAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isBusy()) return;
      const chord = event.timeStamp - chordAt < 1000;
      chordAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const deed = chord ? undefined : current.current[event.key.toLowerCase()];
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
