import { type Change, GATES, type GateName, type GateState, type GateStore, type Task } from '@vivarium/core';
import type { GateRow } from '../protocol/tasks.ts';
import type { World } from '../world/world.ts';

/** The way of a task's newest attempt through its quality gates, in order; undefined for a task without them or before the first. */
export async function gatesOf(world: Pick<World, 'gates'>, task: Task): Promise<readonly GateRow[] | undefined> {
  if (task.gates !== true) return undefined;
  const gates = await world.gates();
  gates.refresh();
  return gatesIn(gates, task.id);
}

/** The same of gates that are open and read. Gates that its project leaves out are no part of its way. */
export function gatesIn({ state }: Pick<GateStore, 'state'>, taskId: string, attempt?: number): readonly GateRow[] | undefined {
  const change = state.changes.get(taskId);
  if (change === undefined || (attempt !== undefined && change.attempt !== attempt)) return undefined;
  const rows = [voted(state, change), claimed(change), ...GATES.map((gate) => tested(state, change, gate))];
  return rows.filter(({ gate }) => gate === 'unit' || gate === 'integration' || change.stages.includes(gate));
}

/** The blind vote. Who voted how, and why, is told once it is decided. */
function voted(state: GateState, change: Change): GateRow {
  const ballot = state.ballots.get(change.ballot_id);
  const votes = ballot?.votes ?? [];
  if (ballot === undefined || ballot.status === 'pending')
    return { gate: 'vote', verdict: 'pending', evidence: [`${votes.length} voted`], by: [] };
  return {
    gate: 'vote',
    verdict: ballot.status === 'approved' ? 'passed' : 'failed',
    evidence: votes.map(({ vote, reason }) => `${vote === 'approved' ? 'For it' : 'Against it'}: ${reason}`),
    by: votes.map(({ voter_id }) => voter_id),
  };
}

/** Somebody else than the author takes it to its tests. */
function claimed({ qa_by }: Change): GateRow {
  return { gate: 'qa', verdict: qa_by === null ? 'pending' : 'passed', evidence: [], by: qa_by === null ? [] : [qa_by] };
}

function tested(state: GateState, change: Change, gate: GateName): GateRow {
  const test = state.submissions.get(change.submissions[gate] ?? '');
  const result = change.test_results[gate];
  return {
    gate,
    verdict: change.gates[gate],
    evidence: [test?.description ?? '', result?.details ?? ''].filter((words) => words !== ''),
    by: test ? [test.submitted_by] : [],
  };
}
