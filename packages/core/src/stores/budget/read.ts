import { LOGS } from '../../contract/names.ts';
import { applyRecord, emptyFold } from '../../domain/budget/fold.ts';
import { floorNano, toUsd } from '../../domain/budget/money.ts';
import { BudgetRecord } from '../../domain/budget/record.ts';
import type { Backend } from '../../ports/backend.ts';
import type { BudgetState, TaskCosts } from '../../ports/budget.ts';
import { foldSnapshot } from './fold-snapshot.ts';

/** All money as the ledger has it, without opening it for business: no cap is set, nothing is settled. */
export interface BudgetReader extends TaskCosts {
  state(): BudgetState;
  /** Read what was booked since. */
  refresh(): void;
  close(): Promise<void>;
}

/** @param capUsd stands until the ledger has recorded a cap */
export async function openBudgetReader(backend: Pick<Backend, 'log'>, capUsd: number): Promise<BudgetReader> {
  let fold = emptyFold();
  const log = await backend.log<BudgetRecord>(LOGS.budget, {
    parse: (value) => BudgetRecord.parse(value),
    onRecord: ({ value }) => void applyRecord(fold, value),
    snapshot: foldSnapshot(
      () => fold,
      (loaded) => {
        fold = loaded;
      },
    ),
  });
  return {
    chargedTo(task_id) {
      log.refresh();
      return toUsd(fold.charged.get(task_id) ?? 0);
    },
    state: () => ({
      cap_usd: toUsd(fold.cap || floorNano(capUsd)),
      spent_usd: toUsd(fold.spent.get('run') ?? 0),
      reserved_usd: toUsd(fold.reserved.get('run') ?? 0),
      reservations: [...fold.reservations.values()].map(({ call_id, task_id, amount, reserved_at }) => ({
        call_id,
        amount_usd: toUsd(amount),
        reserved_at,
        ...(task_id === undefined ? {} : { task_id }),
      })),
      since: fold.since,
    }),
    refresh: () => log.refresh(),
    close: () => log.close(),
  };
}

/** The state of all money at this moment. */
export async function readBudget(backend: Pick<Backend, 'log'>, capUsd: number): Promise<BudgetState> {
  const reader = await openBudgetReader(backend, capUsd);
  try {
    return reader.state();
  } finally {
    await reader.close();
  }
}
