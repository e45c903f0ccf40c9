import type { ChangesState, Checkpoint } from '@vivarium/core';
import { type PageQuery, pageOf } from '../http/page.ts';
import type { CheckpointPage, CheckpointRow } from '../protocol/checkpoints.ts';

/** Checkpoints, the newest first. */
export function checkpointPage(state: ChangesState, query: PageQuery): CheckpointPage {
  const all = [...state.checkpoints.values()].reverse();
  const { rows, next_cursor } = pageOf(all, ({ checkpoint_id }) => checkpoint_id, query);
  return { success: true, checkpoints: rows.map((checkpoint) => rowOf(state, checkpoint)), next_cursor };
}

function rowOf({ landings, restores }: ChangesState, { note, positions: _, ...checkpoint }: Checkpoint): CheckpointRow {
  const { checkpoint_id } = checkpoint;
  const begun = [...landings.values()].find((landing) => landing.checkpoint_id === checkpoint_id);
  const { change_id, restore_id } = begun ?? {};
  const restored = [...restores.values()].filter((one) => one.checkpoint_id === checkpoint_id);
  return {
    ...checkpoint,
    ...(note === undefined ? {} : { note }),
    ...(begun
      ? {
          before: {
            landed: begun.finished?.ok === true,
            ...(change_id === undefined ? {} : { change_id }),
            ...(restore_id === undefined ? {} : { restore_id }),
          },
        }
      : {}),
    restores: restored.map(({ restore_id: id, at, finished }) => ({
      ...{ restore_id: id, at },
      ...(finished ? { same: finished.same } : {}),
    })),
  };
}
