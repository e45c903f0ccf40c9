import type { TaskStatus } from '../../contract/status.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/** Whether a finished task stands under `completed` or under `failed`. */
export function finishedUnder(status: TaskStatus): 'completed' | 'failed' {
  return status === 'approved' || status === 'ready_for_merge' ? 'completed' : 'failed';
}

/** An unfinished task as `tasks[]` shows it: its body, and what the runtime knows. */
export function taskRow(record: TaskRecord, reason = record.hold?.reason): Record<string, unknown> {
  const status = record.status === 'queued' ? 'pending' : record.status;
  const runtime = { status, attempt: record.attempt, ...(reason === undefined ? {} : { status_reason: reason }) };
  return { ...record.task, ...runtime };
}

/** A finished task as `completed[]` and `failed[]` show it. `cost`: US dollars of all its calls. */
export function finishedRow(record: TaskRecord, cost: number): Record<string, unknown> {
  const { task, status, outcome, reasons } = record;
  const reason = finishedUnder(status) === 'failed' ? reasons.at(-1) : undefined;
  return {
    id: task.id,
    status,
    ...(task.prompt === undefined ? {} : { prompt: task.prompt }),
    ...(task.command === undefined ? {} : { command: task.command }),
    result_summary: outcome?.result_summary ?? '',
    ...(reason === undefined ? {} : { reason }),
    finished_at: record.updated_at,
    cost,
  };
}
