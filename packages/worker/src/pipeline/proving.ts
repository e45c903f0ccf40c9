import type { Change, GateName, GateStore, IntegrationTask, NewGateEvent, TaskRecord } from '@vivarium/core';

/** What is tried again this soon keeps a worker from calling itself idle. */
export const AGAIN_MS = 1_000;

/** What became of a step: done, to be tried again, or waiting for somebody; `reason` says why only a person can help. */
export type Stepped =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'person'; readonly reason: string };

/** A change at a gate, and the attempt it is of. */
export interface Standing {
  readonly record: TaskRecord;
  readonly change: Change;
}

/** How a change proves itself at the gates: by what its task declares, or by the suites of its project. */
export interface Proving {
  /** Ask those who are to vote, where somebody is; after `done` the ballot is closed at once, without one when time is up. */
  vote?(standing: Standing, ballot_id: string, signal: AbortSignal): Promise<Stepped>;
  /** The QA brings its test. */
  submitTest(standing: Standing, signal: AbortSignal): Promise<Stepped>;
  run(standing: Standing, gate: Exclude<GateName, 'integration'>, signal: AbortSignal): Promise<Stepped>;
  integrate(batch_id: string, members: readonly IntegrationTask[], signal: AbortSignal): Promise<Stepped>;
}

export const DONE: Stepped = { kind: 'done' };
/** The API is away or busy: what it is asked for is still to come. */
export const RETRY: Stepped = { kind: 'later', ms: AGAIN_MS };
/** Somebody else was first, so what stands is another thing by now. */
export const LOOK_AGAIN: Stepped = { kind: 'later', ms: AGAIN_MS + 1 };

export async function say(gates: GateStore, event: NewGateEvent): Promise<Stepped> {
  return (await gates.tryRecord(event)) ? DONE : LOOK_AGAIN;
}
