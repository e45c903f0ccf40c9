import type { CycleInput, CycleResult, Problem, WorkerCommand } from '@vivarium/core';
import type { Runtime } from '../runtime/runtime.ts';

/** What the API's answer means for the task that asked. */
export type Asked =
  | { readonly kind: 'result'; readonly result: CycleResult }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** It says nothing about the task, which goes on later. `wait_ms`: when it was told to come back. */
  | { readonly kind: 'later'; readonly reason: string; readonly command: WorkerCommand; readonly wait_ms?: number };

export type Asking = Pick<Runtime, 'api' | 'apiAway' | 'modelsBusy' | 'stopReason'>;

/** Ask the API, and tell the worker where the answer is about the API or the provider instead of the task. */
export async function ask(runtime: Asking, body: CycleInput, signal: AbortSignal): Promise<Asked> {
  const answer = await runtime.api.cycle(body, signal);
  switch (answer.kind) {
    case 'result':
    case 'problem':
      return answer;
    case 'aborted':
      return released(runtime.stopReason());
    case 'away':
    case 'closed':
      runtime.apiAway(answer.reason);
      return released(answer.reason);
    case 'busy': {
      const { reason, retry_after_ms: wait_ms } = answer;
      runtime.modelsBusy(wait_ms);
      return { kind: 'later', reason, command: { kind: 'wait', reason, delay_ms: wait_ms }, wait_ms };
    }
  }
}

const released = (reason: string): Asked => ({ kind: 'later', reason, command: { kind: 'release', reason } });
