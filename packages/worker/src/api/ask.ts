import type { CycleInput, CycleResult, Problem, WorkerCommand } from '@vivarium/core';
import type { CycleClient } from './cycle-client.ts';

/** What the API's answer means for whoever asked. */
export type ApiAnswer =
  | { readonly kind: 'result'; readonly result: CycleResult }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /**
   * HALT, shutdown, an API or a provider that cannot be had: it says nothing about what was asked, which goes on later.
   * `command` says so of a task. `wait_ms`: no model was called, and none can be for this long.
   */
  | { readonly kind: 'interrupted'; readonly reason: string; readonly command: WorkerCommand; readonly wait_ms?: number };

/** Ask the execution API. The one place that knows what it means when it does not answer. */
export type AskApi = (body: CycleInput, signal: AbortSignal) => Promise<ApiAnswer>;

export interface AskApiDeps {
  readonly api: Pick<CycleClient, 'cycle'>;
  /** The API answered nothing, or answered that it is closed: stop asking until it is back. */
  readonly apiAway: (reason: string) => void;
  /** No model call is possible for this long; tasks that need none go on. */
  readonly modelsBusy: (ms: number) => void;
  /** Why running work was aborted. */
  readonly stopReason: () => string;
}

/** Calls that also tell the worker where an answer is about the API or the provider instead of what was asked. */
export const openAskApi =
  ({ api, apiAway, modelsBusy, stopReason }: AskApiDeps): AskApi =>
  async (body, signal) => {
    const answer = await api.cycle(body, signal);
    switch (answer.kind) {
      case 'result':
      case 'problem':
        return answer;
      case 'aborted':
        return released(stopReason());
      case 'away':
      case 'closed':
        apiAway(answer.reason);
        return released(answer.reason);
      case 'busy': {
        const { reason, retry_after_ms: wait_ms } = answer;
        modelsBusy(wait_ms);
        return { kind: 'interrupted', reason, command: { kind: 'wait', reason, delay_ms: wait_ms }, wait_ms };
      }
    }
  };

const released = (reason: string): ApiAnswer => ({ kind: 'interrupted', reason, command: { kind: 'release', reason } });

/** The way to a model at this moment, so that a hold for the want of one can end by itself. */
export async function fingerprintNow(api: Pick<CycleClient, 'status'>): Promise<string | undefined> {
  return (await api.status())?.provider.fingerprint;
}
