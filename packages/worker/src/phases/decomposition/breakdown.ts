import {
  BREAKDOWN_SCHEMA,
  breakdown,
  breakdownPrompt,
  type Candidacy,
  type CycleInput,
  executionKey,
  fence,
  intentBlock,
  judgeBreakdown,
  type Subtask,
  type WorkerCommand,
} from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

const REQUEST_CHARS = 60_000;

export type BreakdownDeps = Pick<Runtime, 'askApi' | 'log'>;

export type Steps =
  /** Fewer than two: it is one task. */
  | { readonly kind: 'steps'; readonly subtasks: readonly Subtask[] }
  | { readonly kind: 'interrupted'; readonly command: WorkerCommand };

/**
 * The steps of a candidate. The rules decide where they are sure; else a model is asked, and where there is none, or its
 * answer is refused, what the rules found stands.
 */
export async function stepsOf(run: TaskRun, deps: BreakdownDeps, candidacy: Exclude<Candidacy, { kind: 'no' }>): Promise<Steps> {
  const prompt = run.task.prompt ?? '';
  const max = candidacy.max_subtasks;
  const found = breakdown(prompt, max, candidacy.kind === 'forced');
  if (found.sure) return { kind: 'steps', subtasks: found.subtasks };
  const answer = await deps.askApi(question(run, max), run.signal);
  switch (answer.kind) {
    case 'interrupted':
      return answer;
    case 'problem':
      deps.log.info({ task_id: run.task.id, code: answer.problem.code }, 'no model could be asked for a breakdown');
      return { kind: 'steps', subtasks: found.subtasks };
    case 'result': {
      const verdict = judgeBreakdown(answer.result.output ?? answer.result.result, prompt, max);
      if (verdict.kind === 'several') return { kind: 'steps', subtasks: verdict.subtasks };
      if (verdict.kind === 'one_task') return { kind: 'steps', subtasks: [] };
      deps.log.warn({ task_id: run.task.id, rule: verdict.rule, reason: verdict.reason }, 'a breakdown was refused');
      return { kind: 'steps', subtasks: found.subtasks };
    }
  }
}

function question({ task, record, intent }: TaskRun, max: number): CycleInput {
  return {
    mode: 'llm',
    purpose: 'breakdown',
    prompt: breakdownPrompt(fence('request', task.prompt ?? '', REQUEST_CHARS), max),
    ...(intent ? { system: intentBlock(intent) } : {}),
    ...(task.model === undefined ? {} : { model: task.model }),
    temperature: 0,
    min_budget: 0,
    max_budget: task.max_budget,
    task_id: task.id,
    execution_key: `${executionKey(task.id, record.attempt)}#breakdown`,
    answer_schema: { name: 'task_breakdown', schema: { ...BREAKDOWN_SCHEMA } },
  };
}
