import type { ChangesState } from '../../domain/changes/state.ts';
import type { SnapshotCodec } from '../../ports/shared-log.ts';

/** Raise it whenever what a record holds, or what counts, changes: older snapshots are then folded anew. */
const SHAPE = 2;

type Maps = Readonly<Record<string, Map<string, unknown>>>;

/** The fold of the log and where each change's events stand in it, as JSON. */
export function changesSnapshot(state: ChangesState, positions: Map<string, number[]>): SnapshotCodec {
  const maps: Maps = { ...state, positions };
  return {
    version: SHAPE,
    save: () => Buffer.from(JSON.stringify(Object.entries(maps).map(([name, map]) => [name, [...map]]))),
    load(bytes) {
      const saved: [string, [string, unknown][]][] = JSON.parse(bytes.toString('utf8'));
      for (const [name, entries] of saved) {
        maps[name]?.clear();
        for (const [key, value] of entries) maps[name]?.set(key, value);
      }
    },
  };
}
