import type { BudgetFold } from '../../domain/budget/fold.ts';
import { loadFold, SNAPSHOT_VERSION, saveFold } from '../../domain/budget/snapshot.ts';

/** How the state of all money is kept beside its log, so that nobody folds it from the first line each time. */
export const foldSnapshot = (current: () => BudgetFold, replace: (fold: BudgetFold) => void) => ({
  version: SNAPSHOT_VERSION,
  save: () => Buffer.from(JSON.stringify(saveFold(current()))),
  load: (state: Buffer) => replace(loadFold(JSON.parse(state.toString('utf8')))),
});
