import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LogLine } from '../../../../src/protocol/lines.ts';
import { Refused } from '../../state/api.ts';
import { workApi } from '../../state/work-api.ts';
import { type NumberedLine, useWorld } from '../../state/world.ts';

export interface LogFilter {
  readonly source: 'all' | 'task' | 'action';
  readonly text: string;
}

export interface Log {
  /** Newest first; undefined until the first answer. */
  readonly lines: readonly NumberedLine[] | undefined;
  readonly more: boolean;
  readonly busy: boolean;
  readonly trouble: Refused | undefined;
  /** Read further back. Resolves to all lines there are then. */
  readonly older: () => Promise<readonly NumberedLine[] | undefined>;
  readonly again: () => void;
}

interface Read {
  readonly lines: readonly LogLine[];
  readonly next: string | null;
}

/** The written log, page by page, with what the feed brings since on top. */
export function useLog({ source, text }: LogFilter): Log {
  const [read, setRead] = useState<Read | undefined>();
  const [trouble, setTrouble] = useState<Refused | undefined>();
  const [busy, setBusy] = useState(false);
  const live = useWorld((world) => world.picture?.lines);
  const link = useWorld((world) => world.link);

  const load = useCallback(
    async (former: Read | undefined, signal?: AbortSignal) => {
      setBusy(true);
      try {
        const page = await workApi.log({ source, text, ...(former?.next ? { before: former.next } : {}) }, signal);
        const next: Read = { lines: [...(former?.lines ?? []), ...page.lines], next: page.next };
        setRead(next);
        setTrouble(undefined);
        return next;
      } catch (error) {
        if (error instanceof Refused) setTrouble(error);
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [source, text],
  );
  useEffect(() => {
    const abort = new AbortController();
    if (link !== 'lost') void load(undefined, abort.signal);
    return () => abort.abort();
  }, [load, link]);

  const lines = useMemo(() => (read ? joined(read.lines, live ?? [], { source, text }) : undefined), [read, live, source, text]);
  return {
    lines,
    more: read?.next !== null && read !== undefined,
    busy,
    trouble,
    older: async () => {
      const next = await load(read);
      return next ? joined(next.lines, live ?? [], { source, text }) : undefined;
    },
    again: () => void load(undefined),
  };
}

/** What was read, with the feed's newer lines before it; a line that stands in both is shown once. */
function joined(read: readonly LogLine[], live: readonly NumberedLine[], filter: LogFilter): readonly NumberedLine[] {
  const newest = read[0]?.at ?? '';
  const known = new Map<string, number>();
  const numbered = read.map((line): NumberedLine => {
    const name = nameOf(line);
    const turn = (known.get(name) ?? 0) + 1;
    known.set(name, turn);
    return { ...line, key: `${name}#${turn}` };
  });
  const fresh = live.filter((line) => line.at >= newest && !known.has(nameOf(line)) && belongs(line, filter));
  return [...fresh.toReversed(), ...numbered];
}

const nameOf = ({ at, source, kind, actor, task_id, text }: LogLine): string =>
  [at, source, kind, actor, task_id ?? '', text].join('|');

function belongs({ source, kind, actor, task_id, text }: LogLine, filter: LogFilter): boolean {
  if (filter.source !== 'all' && source !== filter.source) return false;
  return `${kind} ${actor} ${task_id ?? ''} ${text}`.toLowerCase().includes(filter.text.toLowerCase());
}
