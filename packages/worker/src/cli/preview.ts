import { breakdown, candidacyOf, childrenOf, intentOf, type Task } from '@vivarium/core';
import { withoutOwnShare } from '../phases/decomposition/rules.ts';

/** How a task would be split, before it enters. */
export interface Preview {
  readonly id: string;
  readonly split: boolean;
  /** false: the rules are not sure, so a model would be asked. */
  readonly sure: boolean;
  readonly because: string;
  readonly steps: readonly {
    readonly id: string;
    readonly prompt: string;
    readonly depends_on: readonly string[];
    readonly max_budget: number;
  }[];
}

export function previewOf(task: Task): Preview {
  const candidacy = candidacyOf(task);
  if (candidacy.kind === 'no') return { id: task.id, split: false, sure: true, because: candidacy.reason, steps: [] };
  const { subtasks, sure } = breakdown(task.prompt ?? '', candidacy.max_subtasks, candidacy.kind === 'forced');
  if (subtasks.length < 2) {
    const because = sure ? 'it is one task' : 'the rules find no steps in it; a model would be asked, when there is one';
    return { id: task.id, split: false, sure, because, steps: [] };
  }
  const children = childrenOf(withoutOwnShare(task, subtasks.length), subtasks, intentOf(task));
  const steps = children.map(({ id, prompt = '', depends_on, max_budget }) => ({ id, prompt, depends_on, max_budget }));
  return {
    id: task.id,
    split: true,
    sure,
    because: candidacy.kind === 'forced' ? 'asked for' : 'it looks like several tasks',
    steps,
  };
}

export function previewWords({ id, split, sure, because, steps }: Preview): string {
  if (!split) return `${id} would run as one task: ${because}`;
  const unsure = sure ? '' : ' (the rules are not sure; a model would be asked, when there is one)';
  const lines = steps.map((step) => {
    const after = step.depends_on.length > 0 ? `, after ${step.depends_on.join(', ')}` : '';
    return `  ${step.id}: ${step.prompt.replace(/\s+/g, ' ').slice(0, 160)} (at most $${step.max_budget}${after})`;
  });
  return [`${id} would be split into ${steps.length} steps: ${because}${unsure}`, ...lines].join('\n');
}
