import { useCallback, useEffect, useState } from 'react';
import { Refused } from './api.ts';
import { useWorld } from './world.ts';

export interface Answer<T> {
  readonly data: T | undefined;
  readonly trouble: Refused | undefined;
  readonly again: () => void;
}

/**
 * Ask the server once, again whenever `key` is another, and again when the connection comes back. What was there before
 * stays until the new answer is there. Give `everyMs` to ask again and again while the page is looked at.
 */
export function useAnswer<T>(key: string, ask: (signal: AbortSignal) => Promise<T>, everyMs?: number): Answer<T> {
  const [data, setData] = useState<T | undefined>();
  const [trouble, setTrouble] = useState<Refused | undefined>();
  const [turn, setTurn] = useState(0);
  const link = useWorld((world) => world.link);
  const again = useCallback(() => setTurn((former) => former + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key`, `turn` and `link` say when to ask; `ask` is new each time
  useEffect(() => {
    const abort = new AbortController();
    ask(abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        setData(answer);
        setTrouble(undefined);
      },
      (error: unknown) => {
        if (!abort.signal.aborted && error instanceof Refused) setTrouble(error);
      },
    );
    return () => abort.abort();
  }, [key, turn, link]);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, again]);
  return { data, trouble, again };
}
