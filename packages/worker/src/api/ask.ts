import type { CycleInput, CycleResult, Problem, WorkerCommand } from '@vivarium/core';
import type { CycleClient } from './cycle-client.ts';

/** What the API's answer means for the task that asked. */
export type Asked =
  | { readonly kind: 'result'; readonly result: CycleResult }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** It says nothing about the task, which goes on later. `wait_ms`: when it was told to come back. */
  | { readonly kind: 'later'; readonly reason: string; readonly command: WorkerCommand; readonly wait_ms?: number };

/** What asking takes. */
export interface Asking {
  readonly api: CycleClient;
  /** The API answered nothing, or answered that it is closed: stop asking until it is back. */
  apiAway(reason: string): void;
  /** No model call is possible for this long; tasks that need none go on. */
  modelsBusy(ms: number): void;
  /** Why running work was aborted. */
  stopReason(): string;
}

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

/** The way to a model at this moment, so that a hold for the want of one can end by itself. */
export async function fingerprintNow({ api }: Pick<Asking, 'api'>): Promise<string | undefined> {
  return (await api.status())?.provider.fingerprint;
}
