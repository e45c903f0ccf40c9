import type { TaskRecord } from '@vivarium/core';

/** A task as `list --json` gives it. */
export function taskLine(record: TaskRecord) {
  const { task } = record;
  return {
    id: task.id,
    status: record.status,
    prompt: task.prompt ?? task.command ?? task.skill ?? '',
    mode: task.mode ?? (task.skill === undefined ? 'llm' : 'skill'),
    priority: task.priority,
    depends_on: task.depends_on,
    attempt: record.attempt,
    held: record.hold?.reason ?? null,
    added_at: record.added_at,
    updated_at: record.updated_at,
    spent_usd: record.spent_usd,
  };
}

/** A line that fits a terminal: blanks folded, the end cut off. */
export function oneLine(text: string, limit: number): string {
  const folded = text.replace(/\s+/g, ' ').trim();
  return folded.length <= limit ? folded : `${folded.slice(0, limit - 1)}…`;
}

export const usd = (amount: number): string => `$${amount.toFixed(6).replace(/0{1,4}$/, '')}`;
