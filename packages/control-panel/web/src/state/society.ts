import { useEffect, useReducer, useRef, useState } from 'react';
import { create } from 'zustand';
import type { SocietyTopic } from '../../../src/protocol/feed.ts';
import { Refused } from './api.ts';
import { useWorld } from './world.ts';

/** How often each topic had news. A page reads again when a number it looks at rises. */
const useNews = create<Readonly<Partial<Record<SocietyTopic, number>>> & { readonly everything: number }>(() => ({
  everything: 0,
}));

export function noteSociety(topic: SocietyTopic): void {
  useNews.setState((news) => ({ [topic]: (news[topic] ?? 0) + 1 }));
}

/** After a new picture of the world nobody knows what was missed. */
export function noteEverything(): void {
  useNews.setState(({ everything }) => ({ everything: everything + 1 }));
}

export interface Read<T> {
  readonly data: T | undefined;
  readonly trouble: Refused | undefined;
  readonly again: () => void;
}

/**
 * Read something and read it again whenever its topics have news. `key` names what is read: another key begins empty. What
 * was read stays while it is read again, also when that fails.
 */
export function useRead<T>(key: string, load: (signal: AbortSignal) => Promise<T>, topics: readonly SocietyTopic[]): Read<T> {
  const news = useNews((all) => topics.reduce((sum, topic) => sum + (all[topic] ?? 0), all.everything));
  const lost = useWorld(({ link }) => link === 'lost');
  const [tries, again] = useReducer((count: number) => count + 1, 0);
  const [state, setState] = useState<{ key: string; data?: T; trouble?: Refused }>({ key });
  const loader = useRef(load);
  loader.current = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: news and tries are the occasions to read again
  useEffect(() => {
    if (lost) return;
    const abort = new AbortController();
    loader.current(abort.signal).then(
      (data) => setState({ key, data }),
      (error: unknown) => {
        if (error instanceof Refused) setState((former) => ({ ...(former.key === key ? former : {}), key, trouble: error }));
      },
    );
    return () => abort.abort();
  }, [key, news, tries, lost]);
  const shown = state.key === key ? state : undefined;
  return { data: shown?.data, trouble: shown?.trouble, again };
}
