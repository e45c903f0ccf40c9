import type { GateName } from './events.ts';
import { isDecided } from './rules.ts';
import { type Change, type GateState, isLost } from './state.ts';

/** What a change needs next, and at which gate it stands. */
export type GateStep =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly reasons: readonly string[] }
  | {
      readonly kind: 'vote';
      readonly gate: 'vote' | GateName;
      readonly ballot_id: string;
      readonly decided: boolean;
      readonly votes: number;
    }
  | { readonly kind: 'claim_qa'; readonly gate: 'qa' }
  | { readonly kind: 'submit_test'; readonly gate: 'unit' }
  | { readonly kind: 'run'; readonly gate: 'unit' | 'e2e' }
  | { readonly kind: 'make_batch'; readonly gate: 'integration' }
  | { readonly kind: 'run_batch'; readonly gate: 'integration'; readonly batch_id: string };

/** The one next step of a change. A change that is neither ready nor lost always has one. */
export function nextGateStep(state: GateState, change: Change): GateStep {
  if (isLost(change)) return { kind: 'lost', reasons: change.reasons };
  switch (change.status) {
    case 'ready_for_merge':
      return { kind: 'ready' };
    case 'needs_qa':
      return { kind: 'claim_qa', gate: 'qa' };
    case 'qa_in_progress':
      return tested(state, change, 'unit') ?? { kind: change.stages.includes('qa') ? 'submit_test' : 'run', gate: 'unit' };
    case 'needs_integration':
      return integration(state, change);
    case 'needs_e2e':
      return tested(state, change, 'e2e') ?? { kind: 'run', gate: 'e2e' };
    default:
      return vote(state, change.ballot_id, 'vote');
  }
}

/** Undefined when no test was submitted for this gate. */
function tested(state: GateState, change: Change, gate: 'unit' | 'e2e'): GateStep | undefined {
  const submission = state.submissions.get(change.submissions[gate] ?? '');
  if (!submission) return undefined;
  return submission.status === 'pending' ? vote(state, submission.ballot_id, gate) : { kind: 'run', gate };
}

function integration(state: GateState, change: Change): GateStep {
  const submission = state.submissions.get(change.submissions.integration ?? '');
  if (submission?.status === 'pending') return vote(state, submission.ballot_id, 'integration');
  const batch_id = state.tasks.get(change.integration_task_id ?? '')?.batch_id;
  return batch_id ? { kind: 'run_batch', gate: 'integration', batch_id } : { kind: 'make_batch', gate: 'integration' };
}

function vote(state: GateState, ballot_id: string, gate: 'vote' | GateName): GateStep {
  const ballot = state.ballots.get(ballot_id);
  return { kind: 'vote', gate, ballot_id, decided: ballot !== undefined && isDecided(ballot), votes: ballot?.votes.length ?? 0 };
}
