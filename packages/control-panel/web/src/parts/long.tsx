import { type ReactNode, useState } from 'react';
import { beginningOf, legible } from '../state/legible.ts';

/** A text of others as a screen can show it in a moment: its beginning, and the rest when somebody asks for it. */
export function Long({ text, children }: { text: string; children: (shown: string) => ReactNode }) {
  const [whole, setWhole] = useState(false);
  const beginning = whole ? text : beginningOf(text);
  return (
    <>
      {children(legible(beginning))}
      {beginning.length < text.length ? (
        <button type="button" className="btn mt-2 self-start" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString()} characters
        </button>
      ) : null}
    </>
  );
}
