import type { LogRecord, SharedLog } from '../../ports/shared-log.ts';

/** A log that lives and dies with the process: the same promises, without the disk. Positions count records. */
export function memoryLog<T extends object>(
  onRecord: (record: LogRecord<T>, log: Pick<SharedLog<T>, 'read'>) => void,
): SharedLog<T> {
  const values: T[] = [];
  const followers = new Set<() => void>();
  const log: SharedLog<T> = {
    async append(added) {
      const records = added.map((value) => ({ position: values.push(structuredClone(value)) - 1, value }));
      for (const record of records) onRecord(record, log);
      for (const follower of followers) follower();
      return records;
    },
    refresh: () => 0,
    follow(listener) {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    read: (positions) => positions.flatMap((position) => values[position] ?? []),
    get position() {
      return values.length;
    },
    badLines: [],
    async close() {
      followers.clear();
    },
  };
  return log;
}
