import type { Hold } from '../../contract/outcome.ts';
import type { GateStep } from './next.ts';
import { BATCH_SIZE, DECIDING_VOTES } from './rules.ts';
import type { Change, ChangeStatus } from './state.ts';

/** How long residents may vote while a worker has other work, in milliseconds. */
export const VOTE_WINDOW_MS = 60_000;

type WaitingStatus = 'pending_review' | 'needs_qa' | 'needs_integration' | 'needs_e2e';

/** The documented status of a task whose change stands there. */
export function taskStatusAt(status: ChangeStatus): WaitingStatus {
  switch (status) {
    case 'needs_qa':
    case 'qa_in_progress':
      return 'needs_qa';
    case 'needs_integration':
    case 'needs_e2e':
      return status;
    default:
      return 'pending_review';
  }
}

/** Why a task waits at its gate. With `person` only a person can help, and this is why. */
export function gateHold({ change_id, project }: Pick<Change, 'change_id' | 'project'>, step: GateStep, person?: string): Hold {
  const gate = 'gate' in step ? step.gate : step.kind;
  const where = `it waits at the gate "${gate}"`;
  if (person !== undefined) {
    const action = `pnpm worker ${project === undefined ? 'approve' : 'change show'} ${change_id}`;
    return { kind: 'gates', reason: `${where}: ${person}`, action, next_mover: 'person' };
  }
  return {
    kind: 'gates',
    reason: `${where}: ${nextWords(step)}`,
    action: `pnpm worker explain ${change_id}`,
    next_mover: 'worker',
  };
}

function nextWords(step: GateStep): string {
  switch (step.kind) {
    case 'vote':
      return `${step.votes} of ${DECIDING_VOTES} votes are in; the worker closes the ballot when it has no other work, at the latest after ${VOTE_WINDOW_MS / 1_000} s`;
    case 'claim_qa':
      return 'a resident with the specialisation qa who is not its author claims it next';
    case 'submit_test':
      return 'the resident who claimed the QA submits the test next';
    case 'run':
      return `the worker runs its ${step.gate} check next`;
    case 'make_batch':
      return `the worker puts it into a batch of at most ${BATCH_SIZE} next`;
    case 'run_batch':
      return `the worker integrates the batch ${step.batch_id} next`;
    case 'ready':
      return 'it is ready for merge; the worker approves it next';
    case 'lost':
      return 'it was turned down; the worker sends it round again next';
  }
}
