import type { ModelHandler } from '@vivarium/core/testing';

/** One call as it reached the model server: for which task, which attempt, which purpose. */
export interface Purchase {
  readonly task: string;
  readonly attempt: number;
  readonly purpose: 'task' | 'critic';
  /** Wall clock, milliseconds. */
  readonly at: number;
}

/** Prompts name their task in this form, so that whoever reads one knows whose it is. */
export const promptFor = (id: string, how: 'well' | 'once wrong' = 'well'): string =>
  `Write one sentence about [task ${id}]${how === 'well' ? '' : ' {first answer is wrong}'}.`;

/** What the critic says of a wrong first answer. */
const ISSUE = 'the sentence is wrong';
/** How the next attempt is told of it. */
const TOLD_SO = 'Your former answer to this task was rejected';

/**
 * A model that answers by what it is asked, and remembers every call. A task marked `once wrong` gets a wrong answer
 * first, which the critic rejects; told so, it gets a right one.
 */
export function scriptedModel(delayMs: () => number): { handler: ModelHandler; purchases: Purchase[] } {
  const purchases: Purchase[] = [];
  const handler: ModelHandler = (request) => {
    const { prompt } = request;
    const task = /\[task ([\w-]+)\]/.exec(prompt)?.[1] ?? '?';
    const at = Date.now();
    if (request.schemaName === 'critic_verdict') {
      const attempt = Number(/answer number (\d)/.exec(prompt)?.[1] ?? 0);
      purchases.push({ task, attempt, purpose: 'critic', at });
      const wrong = prompt.includes('first answer is wrong') && attempt === 1;
      return { text: JSON.stringify(wrong ? rejection : approval), delayMs: delayMs() };
    }
    // Nothing that is asked beside the work, such as a draft of a skill, is a purchase of a task's answer.
    if (request.schemaName !== undefined) return { text: '{}' };
    const attempt = JSON.stringify(request.body['messages']).includes(TOLD_SO) ? 2 : 1;
    purchases.push({ task, attempt, purpose: 'task', at });
    return { text: `This is answer number ${attempt} for [task ${task}].`, delayMs: delayMs() };
  };
  return { handler, purchases };
}

const approval = { verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] };
const rejection = { verdict: 'REJECT', confidence: 0.9, issues: [ISSUE], suggestions: ['write it again'] };
