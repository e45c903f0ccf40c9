import { type TaskCosts, type TaskRecord, visible } from '@vivarium/core';

/** A task as `list --json` gives it. */
export function taskLine(record: TaskRecord, costs: TaskCosts) {
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
    spent_usd: costs.chargedTo(task.id),
  };
}

/** A line that fits a terminal: blanks folded, what would act on it made visible, the end cut off. */
export function oneLine(text: string, limit = Number.POSITIVE_INFINITY): string {
  const folded = visible(text.replace(/\s+/g, ' ').trim());
  if (folded.length <= limit) return folded;
  const whole = folded.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, ''); // never half a character
  return `${whole}…`;
}

/** A line of ours, as a template's tag: whatever is filled in stays on it, so that no text of others makes lines of its own. */
export function flat(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => String(value).replaceAll(/\s*[\r\n]\s*/g, ' ')));
}

/** Text of several lines behind a label: those after the first stand further in, so that none looks like one of ours. */
export const inset = (text: string): string => text.trimEnd().replaceAll(/\r?\n/g, '\n         ');

export const usd = (amount: number): string => `$${amount.toFixed(6).replace(/0{1,4}$/, '')}`;
