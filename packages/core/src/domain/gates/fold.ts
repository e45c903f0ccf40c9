import { GATE_NAMES } from '../../contract/projects-file.ts';
import { type GateEvent, type GateName, SPECIALIZATIONS } from './events.ts';
import { gateRefusal, tallied } from './rules.ts';
import type { Ballot, Change, ChangeStatus, GateResident, GateState, IntegrationTask } from './state.ts';

type Of<Name extends GateEvent['event']> = Extract<GateEvent, { event: Name }>;

/** Put one event into the state. False when it does not count: it is out of order, or something else came first. */
export function applyGateEvent(state: GateState, event: GateEvent): boolean {
  if (gateRefusal(state, event) !== undefined) return false;
  apply(state, event);
  state.created_at ??= event.at;
  state.updated_at = event.at;
  return true;
}

function apply(state: GateState, event: GateEvent): void {
  switch (event.event) {
    case 'resident_registered':
      state.residents.set(event.resident_id, residentOf(event));
      break;
    case 'change_submitted':
      submit(state, event);
      break;
    case 'change_moved':
      move(state, event);
      break;
    case 'vote_cast':
      cast(state, event);
      break;
    case 'ballot_closed':
      close(state, event);
      break;
    case 'qa_claimed':
      onChange(state, event.change_id, event.at, () => ({ status: 'qa_in_progress', qa_by: event.resident_id }));
      break;
    case 'test_submitted':
      submitTest(state, event);
      break;
    case 'result_recorded':
      result(state, event);
      break;
    case 'batch_created':
      makeBatch(state, event);
      break;
    case 'batch_recorded':
      batchResult(state, event);
      break;
    case 'change_stopped':
      stopChange(state, event);
  }
}

function residentOf({ resident_id, specializations, at }: Of<'resident_registered'>): GateResident {
  return { resident_id, specializations: SPECIALIZATIONS.filter((one) => specializations.includes(one)), registered_at: at };
}

function cast(state: GateState, { ballot_id, actor, vote, reason, at }: Of<'vote_cast'>): void {
  const ballot = state.ballots.get(ballot_id);
  if (ballot) state.ballots.set(ballot_id, { ...ballot, votes: [...ballot.votes, { voter_id: actor, vote, reason, at }] });
}

function stopChange(state: GateState, { change_id, reason, at }: Of<'change_stopped'>): void {
  dropTask(state, change_id);
  onChange(state, change_id, at, ({ status, reasons }) => ({
    status: status === 'pending_vote' ? 'rejected' : 'blocked',
    reasons: [...reasons, reason],
  }));
}

function submit(state: GateState, event: Of<'change_submitted'>): void {
  const { change_id, attempt, title, description, author_id, excerpt, at, project, stages = GATE_NAMES } = event;
  const votes = stages.includes('vote');
  dropTask(state, change_id);
  if (votes) newBallot(state, event.ballot_id, { type: 'change', id: change_id }, author_id, at);
  state.changes.set(change_id, {
    ...{ change_id, attempt, title, description, author_id, excerpt, stages, created_at: at, updated_at: at },
    ...(project === undefined ? {} : { project }),
    ...patchOf(event),
    ballot_id: votes ? event.ballot_id : '',
    status: votes ? 'pending_vote' : afterVote({ stages, submissions: {} }),
    gates: UNTESTED,
    qa_by: null,
    submissions: {},
    integration_task_id: null,
    test_results: {},
    reasons: [],
  });
}

const UNTESTED = { unit: 'pending', integration: 'pending', e2e: 'pending' } as const;

const patchOf = ({ tree, entries_sha256 }: Pick<Of<'change_moved'>, 'tree' | 'entries_sha256'>) => ({
  ...(tree === undefined ? {} : { tree }),
  ...(entries_sha256 === undefined ? {} : { entries_sha256 }),
});

/** Whoever had done the QA of a change has done it. */
const afterVote = ({ stages, submissions }: Pick<Change, 'stages' | 'submissions'>): ChangeStatus =>
  stages.includes('qa') && submissions.unit === undefined ? 'needs_qa' : 'qa_in_progress';

/** What was tested is not what would land any more: the tests are run anew, and the vote is taken anew where the code is another. */
function move(state: GateState, event: Of<'change_moved'>): void {
  const { change_id, ballot_id, tested, at } = event;
  const change = state.changes.get(change_id);
  if (!change) return;
  if (tested && ballot_id === undefined) {
    onChange(state, change_id, at, () => patchOf(event));
    return;
  }
  dropTask(state, change_id);
  if (ballot_id !== undefined) newBallot(state, ballot_id, { type: 'change', id: change_id }, change.author_id, at);
  onChange(state, change_id, at, ({ status }) => ({
    ...patchOf(event),
    ...{ gates: UNTESTED, integration_task_id: null, test_results: {} },
    ...(ballot_id === undefined ? {} : { ballot_id }),
    status:
      ballot_id !== undefined ? 'pending_vote' : status === 'pending_vote' || status === 'needs_qa' ? status : 'qa_in_progress',
  }));
}

function close(state: GateState, { ballot_id, at }: Of<'ballot_closed'>): void {
  const ballot = state.ballots.get(ballot_id);
  if (!ballot) return;
  const decision = tallied(ballot);
  state.ballots.set(ballot_id, { ...ballot, status: decision, decided_at: at });
  const against = ballot.votes.filter(({ vote }) => vote === 'rejected').map(({ reason }) => reason);
  if (ballot.subject.type === 'test') closeTest(state, ballot.subject.id, decision, against, at);
  const change = state.changes.get(ballot.subject.id);
  if (change?.ballot_id !== ballot_id || change.status !== 'pending_vote') return;
  onChange(state, change.change_id, at, ({ reasons }) =>
    decision === 'approved' ? { status: afterVote(change) } : { status: 'rejected', reasons: [...reasons, ...against] },
  );
}

/** A test that the vote rejects proves nothing: the change goes no further with it. */
function closeTest(state: GateState, id: string, decision: 'approved' | 'rejected', against: readonly string[], at: string) {
  const submission = state.submissions.get(id);
  if (!submission) return;
  state.submissions.set(id, { ...submission, status: decision });
  const change = state.changes.get(submission.change_id);
  if (decision === 'approved' || change?.attempt !== submission.attempt) return;
  const { test_type } = submission;
  onChange(state, change.change_id, at, ({ gates, reasons }) => ({
    gates: { ...gates, [test_type]: 'failed' },
    reasons: [...reasons, ...against.map((reason) => `the ${test_type} test was voted down: ${reason}`)],
  }));
}

function submitTest(state: GateState, event: Of<'test_submitted'>): void {
  const { submission_id, change_id, test_type, description, ballot_id, actor, at } = event;
  const attempt = state.changes.get(change_id)?.attempt ?? 0;
  newBallot(state, ballot_id, { type: 'test', id: submission_id }, actor, at);
  const about = { submission_id, change_id, attempt, test_type, description, ballot_id };
  state.submissions.set(submission_id, { ...about, submitted_by: actor, status: 'pending', created_at: at });
  onChange(state, change_id, at, ({ submissions }) => ({
    ...patchOf(event),
    submissions: { ...submissions, [test_type]: submission_id },
  }));
}

function result(state: GateState, event: Of<'result_recorded'>): void {
  const { change_id, test_type, passed, details, at, integration_task_id } = event;
  if (test_type !== 'unit') finishTask(state, change_id, passed && test_type === 'integration');
  record(state, change_id, test_type, { passed, details }, at);
  if (test_type !== 'unit' || !passed || integration_task_id === undefined) return;
  const { attempt } = state.changes.get(change_id) ?? { attempt: 0 };
  const task = { task_id: integration_task_id, change_id, attempt, batch_id: null, status: 'pending', created_at: at } as const;
  state.tasks.set(integration_task_id, task);
  onChange(state, change_id, at, () => ({ integration_task_id }));
}

function afterPassing(test: GateName, stages: Change['stages']): ChangeStatus {
  if (test === 'unit') return 'needs_integration';
  return test === 'integration' && stages.includes('e2e') ? 'needs_e2e' : 'ready_for_merge';
}

/** What a result does to its change. Only a failed end-to-end test changes the status as well: it is blocked. */
function record(
  state: GateState,
  id: string,
  test: GateName,
  { passed, details }: { passed: boolean; details: string },
  at: string,
) {
  onChange(state, id, at, ({ status, stages, gates, test_results, reasons }) => ({
    gates: { ...gates, [test]: passed ? 'passed' : 'failed' },
    test_results: { ...test_results, [test]: { passed, details, recorded_at: at } },
    status: passed ? afterPassing(test, stages) : test === 'e2e' ? 'blocked' : status,
    reasons: passed ? reasons : [...reasons, `${test}: ${details}`],
  }));
}

function makeBatch(state: GateState, { batch_id, task_ids, at }: Of<'batch_created'>): void {
  state.batches.set(batch_id, { batch_id, task_ids, status: 'pending', details: '', created_at: at });
  for (const id of task_ids) onTask(state, id, { batch_id, status: 'batched' });
}

function batchResult(state: GateState, { batch_id, passed, details, failed, at }: Of<'batch_recorded'>): void {
  const batch = state.batches.get(batch_id);
  if (!batch) return;
  state.batches.set(batch_id, { ...batch, status: passed ? 'passed' : 'failed', details });
  const blamed = (id: string) => (passed ? undefined : Object.keys(failed).length === 0 ? details : failed[id]);
  for (const id of batch.task_ids) {
    const task = state.tasks.get(id);
    if (task?.status !== 'batched') continue;
    const fault = blamed(id);
    onTask(state, id, { status: fault === undefined ? 'passed' : 'failed' });
    record(state, task.change_id, 'integration', { passed: fault === undefined, details: fault ?? details }, at);
  }
}

/** Whatever still waits for integration of an earlier attempt, or of a change that ended, waits no more. */
function dropTask(state: GateState, changeId: string): void {
  const id = state.changes.get(changeId)?.integration_task_id;
  const status = id ? state.tasks.get(id)?.status : undefined;
  if (id && (status === 'pending' || status === 'batched')) onTask(state, id, { status: 'dropped' });
}

/** A result of its own, outside a batch, settles the integration task too. */
function finishTask(state: GateState, changeId: string, passed: boolean): void {
  const id = state.changes.get(changeId)?.integration_task_id;
  const status = id ? state.tasks.get(id)?.status : undefined;
  if (id && (status === 'pending' || status === 'batched')) onTask(state, id, { status: passed ? 'passed' : 'failed' });
}

function newBallot(state: GateState, ballot_id: string, subject: Ballot['subject'], author_id: string, created_at: string): void {
  state.ballots.set(ballot_id, { ballot_id, subject, author_id, status: 'pending', votes: [], created_at, decided_at: null });
}

function onTask(state: GateState, id: string, change: Partial<IntegrationTask>): void {
  const task = state.tasks.get(id);
  if (task) state.tasks.set(id, { ...task, ...change });
}

function onChange(state: GateState, id: string, at: string, edit: (change: Change) => Partial<Change>): void {
  const change = state.changes.get(id);
  if (change) state.changes.set(id, { ...change, ...edit(change), updated_at: at });
}
