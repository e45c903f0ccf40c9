import type { TaskRecord } from '../../ports/task-store.ts';
import type { SnapshotCodec } from '../log/snapshot.ts';
import type { TaskTable } from './task-table.ts';

/** Raise it whenever a record's shape changes: older snapshots are then folded anew. */
const SHAPE = 3;

/** The table as text: the number of open records, those as JSON lines in their scheduling order, then the finished lines. */
export function taskSnapshot(table: TaskTable, restored: (records: readonly TaskRecord[]) => void): SnapshotCodec {
  return {
    version: SHAPE,
    save() {
      const open = [...table.openRecords()].map((record) => JSON.stringify(record));
      return Buffer.from([String(open.length), ...open, ...table.finishedLines(), ''].join('\n'));
    },
    load(state) {
      const lines = state.toString('utf8').split('\n');
      lines.pop();
      const count = Number(lines[0]);
      const open = lines.slice(1, count + 1).map((line): TaskRecord => JSON.parse(line));
      table.restore(open, lines.slice(count + 1));
      restored(open);
    },
  };
}
