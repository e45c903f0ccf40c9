import { numberOr } from '../state/number.ts';

/** What the form of a new task holds, as typed. */
export interface TaskDraft {
  readonly prompt: string;
  readonly command: string;
  readonly id: string;
  readonly depends_on: string;
  readonly max_budget: string;
  readonly priority: string;
  readonly expect_file: string;
}

export const EMPTY_DRAFT: TaskDraft = {
  prompt: '',
  command: '',
  id: '',
  depends_on: '',
  max_budget: '',
  priority: '',
  expect_file: '',
};

/** The task a draft stands for. */
export function taskOf(draft: TaskDraft): Record<string, unknown> {
  const task: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(draft)) {
    const text = value.trim();
    if (text !== '') task[key] = key === 'max_budget' || key === 'priority' ? numberOr(text) : text;
  }
  return task;
}
