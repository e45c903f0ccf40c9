import type { Ballot, Change, GateState } from './state.ts';

/** `.swarm/quality_gate_queue.json` as the reference documents it. Who voted how stands there once a ballot is decided. */
export function gatesView(state: GateState) {
  return {
    version: '1.0',
    created_at: state.created_at,
    updated_at: state.updated_at,
    changes: byId(state.changes, (change) => changeView(state, change)),
    residents: byId(state.residents, (resident) => resident),
    test_submissions: byId(state.submissions, (submission) => submission),
    integration_tasks: byId(state.tasks, (task) => task),
    integration_batches: byId(state.batches, (batch) => batch),
    votes: byId(state.ballots, ballotView),
    vote_outbox: [...state.ballots.keys()],
  };
}

function changeView(state: GateState, change: Change) {
  const { ballot_id, qa_by, submissions, integration_task_id, excerpt: _, ...rest } = change;
  const task = state.tasks.get(integration_task_id ?? '');
  return {
    ...rest,
    qa: { assigned_to: qa_by, test_submission_id: submissions.unit ?? null },
    integration: { batch_id: task?.batch_id ?? null, status: task?.status ?? 'pending' },
    e2e: { status: change.gates.e2e },
    blind_vote: { ballot_id, status: state.ballots.get(ballot_id)?.status ?? 'pending' },
  };
}

function ballotView({ author_id: _, votes, ...ballot }: Ballot) {
  return ballot.status === 'pending' ? { ...ballot, votes: votes.length } : { ...ballot, votes };
}

function byId<T, V>(map: ReadonlyMap<string, T>, shape: (value: T) => V): Record<string, V> {
  return Object.fromEntries([...map].map(([id, value]) => [id, shape(value)]));
}
