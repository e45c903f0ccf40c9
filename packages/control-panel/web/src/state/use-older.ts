import { useEffect, useState } from 'react';
import { attempt } from './notices.ts';

export interface PageOfRows<T> {
  readonly rows: readonly T[];
  /** Give it for the page behind this one; null at the end. */
  readonly next: string | null;
}

/**
 * The first page of a list, and behind it what a person asked for. The first page is read again whenever there is news; if
 * rows then move over its end, the pages behind it are asked for anew, so that none is missing or stands twice.
 */
export function useOlder<T>(first: PageOfRows<T>, load: (cursor: string) => Promise<PageOfRows<T>>) {
  const [behind, setBehind] = useState<PageOfRows<T>>({ rows: [], next: first.next });
  const [busy, setBusy] = useState(false);
  useEffect(() => setBehind({ rows: [], next: first.next }), [first.next]);
  const more = async () => {
    if (busy || behind.next === null) return;
    const cursor = behind.next;
    setBusy(true);
    await attempt(async () => {
      const page = await load(cursor);
      setBehind((former) => (former.next === cursor ? { rows: [...former.rows, ...page.rows], next: page.next } : former));
    });
    setBusy(false);
  };
  return { rows: [...first.rows, ...behind.rows], more: behind.next === null ? undefined : more };
}
