import { StorageError } from '../../errors/index.ts';
import type { LogOptions, LogRecord, SharedLog } from '../../ports/shared-log.ts';

/** What all openings of one log share: its records in order, and who hears of them. */
export interface MemoryBytes {
  readonly values: unknown[];
  readonly ears: Set<() => void>;
}

export const emptyBytes = (): MemoryBytes => ({ values: [], ears: new Set() });

/** A log that lives and dies with the process: the same promises, without the disk. Positions count records. */
export function memoryLog<T extends object>({ values, ears }: MemoryBytes, { parse, onRecord }: LogOptions<T>): SharedLog<T> {
  const listeners = new Set<() => void>();
  let read = 0;
  let closed = false;
  const valueAt = (position: number) => parse(structuredClone(values[position]));
  const refresh = (): number => {
    if (closed) throw new StorageError('The log is closed');
    const from = read;
    while (read < values.length) {
      const position = read++;
      onRecord({ position, value: valueAt(position) }, log);
    }
    return read - from;
  };
  const hear = () => {
    if (closed || refresh() === 0) return;
    for (const listener of listeners) listener();
  };
  ears.add(hear);
  const log: SharedLog<T> = {
    async append(added) {
      if (closed) throw new StorageError('The log is closed');
      for (const value of added) JSON.stringify(value);
      const first = values.length;
      values.push(...added.map((value) => structuredClone(value)));
      refresh();
      queueMicrotask(() => {
        for (const ear of ears) if (ear !== hear) ear();
      });
      return added.map((value, index): LogRecord<T> => ({ position: first + index, value }));
    },
    refresh,
    async catchUp() {
      refresh();
    },
    async sync() {},
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (positions) => positions.map(valueAt),
    get position() {
      return read;
    },
    badLines: [],
    async close() {
      closed = true;
      listeners.clear();
      ears.delete(hear);
    },
  };
  refresh();
  return log;
}
