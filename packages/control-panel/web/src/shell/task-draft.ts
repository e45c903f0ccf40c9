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
  readonly project: string;
  readonly paths: string;
  readonly kind: string;
}

export const EMPTY_DRAFT: TaskDraft = {
  prompt: '',
  command: '',
  id: '',
  depends_on: '',
  max_budget: '',
  priority: '',
  expect_file: '',
  project: '',
  paths: '',
  kind: '',
};

/** Of a task that changes a project, and of no other. */
const OF_PROJECTS: ReadonlySet<string> = new Set(['paths', 'kind']);

/** The task a draft stands for. */
export function taskOf(draft: TaskDraft): Record<string, unknown> {
  const task: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(draft)) {
    const text = value.trim();
    if (text !== '' && (draft.project !== '' || !OF_PROJECTS.has(key)))
      task[key] = key === 'max_budget' || key === 'priority' ? numberOr(text) : text;
  }
  return task;
}
