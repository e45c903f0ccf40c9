import type { BudgetState, Task, TaskCosts, TaskRecord } from '@vivarium/core';
import type { BudgetView } from '../protocol/money.ts';
import type { TaskRow } from '../protocol/tasks.ts';

const TITLE_CHARS = 140;

/** A task as lists and events carry it: small, whatever the prompt's length. */
export function rowOf(record: TaskRecord, costs: TaskCosts): TaskRow {
  const { task, lease, hold } = record;
  const resident = lease?.identity_id ?? lease?.resident_id ?? task.identity_id;
  const reason = record.reasons.at(-1);
  return {
    id: task.id,
    title: titleOf(task),
    status: record.status,
    attempt: record.attempt,
    ...(resident === undefined ? {} : { resident }),
    ...(lease ? { lease: { worker_id: lease.worker_id, claimed_at: lease.claimed_at } } : {}),
    ...(hold ? { hold } : {}),
    ...(record.not_before ? { not_before: record.not_before.at } : {}),
    depends_on: task.depends_on,
    ...(task.parent_task_id === undefined ? {} : { parent_task_id: task.parent_task_id }),
    priority: task.priority,
    spent_usd: costs.chargedTo(task.id),
    max_budget: task.max_budget,
    simulated: record.outcome?.simulated ?? false,
    ...(reason === undefined ? {} : { reason: cut(reason, 300) }),
    added_at: record.added_at,
    updated_at: record.updated_at,
  };
}

/** What to call a task: its title, else the first line of what it asks for. */
export function titleOf(task: Task): string {
  const text = task.title ?? task.prompt ?? task.command ?? (task.skill ? `Skill ${task.skill}` : task.id);
  const line = text.split('\n').find((part) => part.trim() !== '') ?? task.id;
  return cut(line.trim(), TITLE_CHARS);
}

export function budgetView(state: BudgetState): BudgetView {
  const { cap_usd, spent_usd, reserved_usd, since } = state;
  return { cap_usd, spent_usd, reserved_usd, since };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
