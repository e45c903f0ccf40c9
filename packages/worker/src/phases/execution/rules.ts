import {
  type CycleInput,
  type CycleResult,
  executionKey,
  type Feedback,
  type Hold,
  type Identity,
  isLocal,
  type Problem,
  type Task,
  type WorkerCommand,
} from '@vivarium/core';

/** Failed executions that one attempt may have before the task fails. */
export const MAX_FAILURES = 5;
const FEEDBACK_CHARS = 4_000;

/** What stands around a task's own words in its call. */
export interface CallContext {
  readonly attempt: number;
  readonly feedback: Feedback | undefined;
  readonly identity: Identity | undefined;
  readonly resident_id: string | undefined;
  /** Blocks that come before the task: its intent, its place in a breakdown, results of its steps, what a skill knows. */
  readonly context?: readonly string[];
  /** What this call and all others of the task may cost together, when that is less than the task's budget. */
  readonly max_budget?: number;
}

/** Body of the call. The task's own words are the last user message; all context stands before them. */
export function cycleRequest(task: Task, about: CallContext): CycleInput {
  const local = isLocal(task);
  const optional = {
    model: task.model,
    max_tokens: task.max_tokens,
    temperature: task.temperature,
    timeout: task.timeout,
    identity_id: about.identity?.id,
    resident_id: about.resident_id,
    prompt: local ? undefined : task.prompt,
    task: local ? task.command : undefined,
    system: local ? undefined : systemText(about.identity, about.feedback, about.context, task.project !== undefined),
    answer_schema: local || task.output_schema === undefined ? undefined : { name: 'task_answer', schema: task.output_schema },
  };
  return {
    mode: local ? 'local' : 'llm',
    min_budget: Math.min(task.min_budget, about.max_budget ?? task.max_budget),
    max_budget: about.max_budget ?? task.max_budget,
    intensity: task.intensity,
    task_id: task.id,
    execution_key: executionKey(task.id, about.attempt),
    purpose: 'task',
    ...present(optional),
  };
}

/**
 * What stands before the task: who does it, how to answer, and why the former answer was rejected. More of who somebody
 * is, and of how a project is changed, comes from the API, which wakes the resident.
 */
export function systemText(
  identity: Identity | undefined,
  feedback: Feedback | undefined,
  context: readonly string[] = [],
  changesProject = false,
): string {
  const parts: string[] = [];
  if (identity) parts.push(`You are ${identity.name}.`);
  if (!changesProject)
    parts.push('Answer with the finished work itself: complete, correct, and without announcing what you are going to do.');
  parts.push(...context);
  if (feedback) parts.push(feedbackText(feedback, changesProject));
  return parts.join('\n\n');
}

function feedbackText(feedback: Feedback, changesProject: boolean): string {
  const lines = [
    `Your former ${changesProject ? 'change' : 'answer'} to this task was rejected. What was wrong:`,
    ...feedback.issues.map((issue) => `- ${issue}`),
    ...(feedback.suggestions.length > 0 ? ['What would help:', ...feedback.suggestions.map((idea) => `- ${idea}`)] : []),
    changesProject ? 'Hand in a new and complete change that mends this.' : 'Give a new and complete answer that mends this.',
  ];
  return lines.join('\n').slice(0, FEEDBACK_CHARS);
}

/** What a refused or failed call means for its task. */
export function commandFor(
  problem: Problem,
  about: { readonly task_id: string; readonly fingerprint: string | undefined; readonly now: Date },
): WorkerCommand {
  const said = problem.fix ? `${problem.detail} (${problem.fix})` : problem.detail;
  switch (problem.disposition ?? dispositionOf(problem.status)) {
    case 'retry_after_backoff':
      return { kind: 'retry_later', reason: said, max_failures: MAX_FAILURES };
    case 'block':
      if (problem.safety_report) {
        const reason = problem.safety_report.blocked_reason ?? problem.detail;
        return { kind: 'block', reason, safety_report: problem.safety_report };
      }
      return { kind: 'fail', reason: said };
    case 'hold_for_person':
      return { kind: 'hold', hold: holdFor(problem, about) };
    case 'abandon':
      return { kind: 'release', reason: said };
    case 'fail':
      return { kind: 'fail', reason: said };
  }
}

function holdFor(problem: Problem, { task_id: taskId, fingerprint, now }: Parameters<typeof commandFor>[1]): Hold {
  const reason = problem.fix ? `${problem.detail}. ${problem.fix}` : problem.detail;
  const action = `pnpm worker retry ${taskId}`;
  if (problem.status === 402) return { kind: 'budget', reason, action };
  if (problem.status === 422) return { kind: 'clarify', reason, action };
  return { kind: 'provider', reason, action, ...untilProvider(problem, fingerprint, now) };
}

/** What lets a hold end by itself: the provider that refused, and when it is asked again. */
export function untilProvider(
  { retry_after_ms }: Pick<Problem, 'retry_after_ms'>,
  fingerprint: string | undefined,
  now: Date,
): Pick<Hold, 'provider_fingerprint' | 'until'> {
  return {
    ...(fingerprint === undefined ? {} : { provider_fingerprint: fingerprint }),
    ...(retry_after_ms === undefined ? {} : { until: new Date(now.getTime() + retry_after_ms).toISOString() }),
  };
}

function dispositionOf(status: number): NonNullable<Problem['disposition']> {
  if (status === 402) return 'hold_for_person';
  if (status === 408 || status === 429 || status >= 500) return 'retry_after_backoff';
  return 'fail';
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries of an object that have a value. */
function present<T extends object>(values: T): Present<T> {
  const kept: Present<T> = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  return kept;
}

/** Why an execution failed, with the first lines it left; undefined when it did not. The exit code has the last word. */
export function failureOf(result: CycleResult, output: string): string | undefined {
  const code = result.exit_code;
  if (result.status === 'completed' && (code === undefined || code === 0)) return undefined;
  const head = output.trim().split('\n').slice(0, 5).join('\n').slice(0, 500);
  const what = code === undefined ? 'the execution failed' : `exit code ${code}`;
  return head === '' ? what : `${what}: ${head}`;
}
