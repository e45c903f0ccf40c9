import { useEffect, useRef } from 'react';

/** A field that gets the focus whenever the number rises. */
export function useFocusOn(turn: number) {
  const field = useRef<HTMLTextAreaElement>(null);
  const first = useRef(turn);
  useEffect(() => {
    if (turn !== first.current) field.current?.focus();
    first.current = turn;
  }, [turn]);
  return field;
}
