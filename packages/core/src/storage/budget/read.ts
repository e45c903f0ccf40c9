import { applyRecord, emptyFold } from '../../domain/budget/fold.ts';
import { floorNano, toUsd } from '../../domain/budget/money.ts';
import { BudgetRecord } from '../../domain/budget/record.ts';
import type { BudgetState } from '../../ports/budget.ts';
import { openSharedLog } from '../log/index.ts';
import type { WorkspacePaths } from '../workspace.ts';

/** The state of all money as the ledger has it, without opening it for business: no cap is set, nothing is settled. */
export async function readBudget(paths: Pick<WorkspacePaths, 'budgetLedger'>, capUsd: number): Promise<BudgetState> {
  const fold = emptyFold();
  fold.cap = floorNano(capUsd);
  const log = await openSharedLog<BudgetRecord>({
    file: paths.budgetLedger,
    parse: (value) => BudgetRecord.parse(value),
    onRecord: ({ value }) => void applyRecord(fold, value),
  });
  await log.close();
  const reservations = [...fold.reservations.values()].map(({ call_id, task_id, amount, reserved_at }) => ({
    call_id,
    amount_usd: toUsd(amount),
    reserved_at,
    ...(task_id === undefined ? {} : { task_id }),
  }));
  return {
    cap_usd: toUsd(fold.cap),
    spent_usd: toUsd(fold.spent.get('run') ?? 0),
    reserved_usd: toUsd(fold.reserved.get('run') ?? 0),
    reservations,
    since: fold.since,
  };
}
