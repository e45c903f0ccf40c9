import type { SnapshotCodec } from '../../ports/shared-log.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import type { TaskTable } from './task-table.ts';

/** Raise it whenever a record's shape changes: older snapshots are then folded anew. */
const SHAPE = 3;
const NEWLINE = 10;

/** The table as text: the number of open records, those as JSON lines in their scheduling order, then the finished lines. */
export function taskSnapshot(table: TaskTable, restored: (records: readonly TaskRecord[]) => void): SnapshotCodec {
  return {
    version: SHAPE,
    save() {
      const open = [...table.openRecords()].map((record) => JSON.stringify(record));
      return Buffer.from([String(open.length), ...open, ...table.finishedLines(), ''].join('\n'));
    },
    load(state) {
      const lines = linesOf(state);
      const open = Array.from({ length: Number(lines.next()) }, (): TaskRecord => JSON.parse(lines.next()));
      // The table keeps pieces of this text, and each piece keeps the whole: only what it needs is decoded at once.
      const finished = lines.rest().split('\n');
      finished.pop();
      table.restore(open, finished);
      restored(open);
    },
  };
}

/** The lines of a text, decoded one by one, and what is left of it. */
function linesOf(bytes: Buffer): { next(): string; rest(): string } {
  let from = 0;
  return {
    next() {
      const end = bytes.indexOf(NEWLINE, from);
      const line = bytes.toString('utf8', from, end);
      from = end + 1;
      return line;
    },
    rest: () => bytes.toString('utf8', from),
  };
}
