import { useCallback, useEffect, useState } from 'react';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { Refused } from '../../state/api.ts';
import { workApi } from '../../state/work-api.ts';
import { useWorld } from '../../state/world.ts';
import { type Filter, fits } from './filter.ts';

export interface Rows {
  readonly rows: readonly TaskRow[];
  /** Undefined until the first answer. */
  readonly loaded: boolean;
  readonly more: boolean;
  readonly trouble: Refused | undefined;
  readonly loadMore: () => void;
  readonly again: () => void;
}

interface Loaded {
  readonly rows: readonly TaskRow[];
  readonly next: string | null;
}

/** Tasks that fit, newest first, as many as were asked for, kept in step with the feed. */
export function useRows(filter: Filter, limit = '100'): Rows {
  const [loaded, setLoaded] = useState<Loaded | undefined>();
  const [trouble, setTrouble] = useState<Refused | undefined>();
  const [busy, setBusy] = useState(false);
  const link = useWorld((world) => world.link);
  const { words: _words, ...fields } = filter;
  const key = JSON.stringify(fields);
  const load = useCallback(
    async (cursor?: string, signal?: AbortSignal) => {
      setBusy(true);
      try {
        const page = await workApi.tasks({ ...JSON.parse(key), limit, ...(cursor ? { cursor } : {}) }, signal);
        setTrouble(undefined);
        setLoaded((former) => ({ rows: cursor ? [...(former?.rows ?? []), ...page.tasks] : page.tasks, next: page.next_cursor }));
      } catch (error) {
        if (error instanceof Refused) setTrouble(error);
      }
      setBusy(false);
    },
    [key, limit],
  );
  // Loaded again when the connection comes back: what happened meanwhile may be more than the feed kept.
  useEffect(() => {
    const abort = new AbortController();
    if (link !== 'lost') void load(undefined, abort.signal);
    return () => abort.abort();
  }, [load, link]);
  const rows = useLive(loaded?.rows, filter);
  return {
    rows,
    loaded: loaded !== undefined,
    more: loaded?.next !== null && loaded !== undefined,
    trouble,
    loadMore: () => {
      if (!busy && loaded?.next) void load(loaded.next);
    },
    again: () => void load(),
  };
}

/** The loaded rows as the feed has changed them since, and those that came in meanwhile. */
function useLive(rows: readonly TaskRow[] | undefined, filter: Filter): readonly TaskRow[] {
  const touched = useWorld((world) => world.picture?.touched);
  if (!rows) return [];
  const known = new Set(rows.map((row) => row.id));
  const newest = rows[0]?.added_at ?? '';
  const fresh = [...(touched?.values() ?? [])].filter(
    (row) => !known.has(row.id) && fits(filter, row) && (row.added_at >= newest || filter.status !== ''),
  );
  const current = rows.flatMap((row) => {
    const now = touched?.get(row.id);
    if (!now || now.updated_at < row.updated_at) return [row];
    return fits(filter, now) ? [now] : [];
  });
  return [...fresh.sort((a, b) => b.added_at.localeCompare(a.added_at)), ...current];
}
