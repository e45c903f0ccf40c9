import { type Artifacts, type ChangeRecord, storyOf, type TaskCosts } from '@vivarium/core';
import { gatesIn } from '../projections/gates.ts';
import type { ChangeDetail } from '../protocol/changes.ts';
import { type ChangeReaders, filesIn, shownIn, titleOf } from './changes.ts';
import { matrixOf } from './test-matrix.ts';

interface Readers extends ChangeReaders {
  readonly costs: TaskCosts;
  readonly artifacts: Artifacts;
  /** What a yes binds to in the change's project; undefined when that is gone. */
  readonly mode: ChangeDetail['mode'];
}

/** One change with everything the page shows of it. */
export async function changeDetail(readers: Readers, change: ChangeRecord): Promise<ChangeDetail> {
  const { gates, costs, mode } = readers;
  const { summary, executor, prediction, removed_tests, qa, origins, behind, held, opened_at, updated_at } = change;
  const rows = gatesIn(gates, change.task_id, change.attempt);
  return {
    success: true,
    ...shownIn(readers, change),
    title: titleOf(change),
    ...{ summary, executor, removed_tests, origins, opened_at, updated_at },
    ...(prediction === undefined ? {} : { prediction }),
    ...(mode === undefined ? {} : { mode }),
    files: filesIn(change),
    matrix: await matrixOf(readers.artifacts, change),
    ...(rows ? { gates: rows } : {}),
    ...(qa ? { qa } : {}),
    spent_usd: costs.chargedTo(change.task_id),
    ...(behind === undefined ? {} : { behind }),
    ...(held ? { held } : {}),
    history: historyOf(readers, change.change_id),
  };
}

/** Of steps that only saved work, one after the other, the last stands for all. */
function historyOf({ changes }: Pick<ChangeReaders, 'changes'>, id: string): ChangeDetail['history'] {
  const told = storyOf(id, changes.history(id));
  const isPassed = (at: number) => told[at]?.event === 'work_saved' && told[at + 1]?.event === 'work_saved';
  return told.filter((_, at) => !isPassed(at)).map(({ at, text }) => ({ at, text }));
}
