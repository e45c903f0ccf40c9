import { StorageError } from '../../errors/index.ts';
import type { BadLine, LogOptions, LogRecord, SharedLog } from '../../ports/shared-log.ts';

/** What all openings of one log share: its records in order, as JSON so that nobody shares an object with another, and who hears of them. */
export interface MemoryBytes {
  readonly texts: string[];
  readonly ears: Set<() => void>;
}

export const emptyBytes = (): MemoryBytes => ({ texts: [], ears: new Set() });

/** A log that lives and dies with the process: the same promises, without the disk. Positions count records. */
export function memoryLog<T extends object>({ texts, ears }: MemoryBytes, options: LogOptions<T>): SharedLog<T> {
  const listeners = new Set<() => void>();
  const badLines: BadLine[] = [];
  let read = 0;
  /** Up to where followers need no telling. */
  let told = 0;
  let closed = false;
  const valueAt = (position: number) => options.parse(JSON.parse(texts[position] ?? ''));
  const fold = (position: number) => {
    let value: T;
    try {
      value = valueAt(position);
    } catch {
      const line = { file: 'memory', line_start: position, reason: 'invalid' } as const;
      badLines.push(line);
      options.onBadLine?.(line);
      return;
    }
    options.onRecord({ position, value }, log);
  };
  const refresh = (): number => {
    if (closed) throw new StorageError('The log is closed');
    const from = read;
    while (read < texts.length) fold(read++);
    return read - from;
  };
  const hear = () => {
    if (closed) return;
    refresh();
    if (told === read) return;
    told = read;
    for (const listener of listeners) listener();
  };
  ears.add(hear);
  const log: SharedLog<T> = {
    async append(values) {
      if (closed) throw new StorageError('The log is closed');
      const added = values.map((value) => JSON.stringify(value));
      const first = texts.length;
      texts.push(...added);
      if (told === first) told = texts.length;
      refresh();
      queueMicrotask(() => {
        for (const ear of ears) ear();
      });
      return values.map((value, index): LogRecord<T> => ({ position: first + index, value }));
    },
    refresh,
    async catchUp() {
      refresh();
    },
    async sync() {},
    follow(listener) {
      if (listeners.size === 0) told = read;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (positions) => positions.map(valueAt),
    get position() {
      return read;
    },
    badLines,
    async close() {
      closed = true;
      listeners.clear();
      ears.delete(hear);
    },
  };
  refresh();
  return log;
}
