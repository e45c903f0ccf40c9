import { PERSON_IDS } from '../../contract/actor.ts';
import type { GateEvent } from './events.ts';
import { type Ballot, type Change, type GateState, isLost, isOpen } from './state.ts';

/** How many changes are integrated at once. Source: the reference's gate pipeline. */
export const BATCH_SIZE = 5;
/** So many votes decide a ballot at once. */
export const DECIDING_VOTES = 3;
/** The person; has the last word, and needs no specialisation. */
export const HUMAN: string = PERSON_IDS.society;
export const RUNTIME = 'runtime';

type Of<Name extends GateEvent['event']> = Extract<GateEvent, { event: Name }>;

/** Why an event does not fit what stands, or undefined when it does. The one rule for writers and for the fold. */
export function gateRefusal(state: GateState, event: GateEvent): string | undefined {
  switch (event.event) {
    case 'resident_registered':
      return undefined;
    case 'change_submitted':
      return submitRefusal(state, event);
    case 'vote_cast':
      return castRefusal(state.ballots.get(event.ballot_id), event);
    case 'ballot_closed':
      return closeRefusal(state.ballots.get(event.ballot_id), event);
    case 'batch_created':
      return batchRefusal(state, event);
    case 'batch_recorded': {
      const batch = state.batches.get(event.batch_id);
      if (!batch) return `there is no batch ${event.batch_id}`;
      return batch.status === 'pending' ? undefined : `the batch ${event.batch_id} is ${batch.status} already`;
    }
    default: {
      const change = state.changes.get(event.change_id);
      if (!change) return `there is no change ${event.change_id}`;
      return changeRefusal(state, change, event);
    }
  }
}

function submitRefusal({ changes, ballots }: GateState, event: Of<'change_submitted'>): string | undefined {
  const standing = changes.get(event.change_id);
  if (ballots.has(event.ballot_id)) return inUse(event.ballot_id);
  if (!standing || event.attempt > standing.attempt) return undefined;
  return `attempt ${standing.attempt} of the change ${event.change_id} already exists and is ${standing.status}`;
}

const inUse = (id: string): string => `the id ${id} is in use`;

function castRefusal(ballot: Ballot | undefined, { ballot_id, actor }: Of<'vote_cast'>): string | undefined {
  if (!ballot) return `there is no ballot ${ballot_id}`;
  if (ballot.status !== 'pending') return `the ballot ${ballot_id} is ${ballot.status} already`;
  if (ballot.author_id === actor && actor !== HUMAN) return 'nobody votes on work of their own';
  return ballot.votes.some(({ voter_id }) => voter_id === actor) ? `${actor} has voted already` : undefined;
}

function closeRefusal(ballot: Ballot | undefined, { ballot_id }: Of<'ballot_closed'>): string | undefined {
  if (!ballot) return `there is no ballot ${ballot_id}`;
  if (ballot.status !== 'pending') return `the ballot ${ballot_id} is ${ballot.status} already`;
  return ballot.votes.length === 0 ? `nobody has voted on ${ballot_id} yet` : undefined;
}

function batchRefusal({ changes, tasks, batches }: GateState, { batch_id, task_ids }: Of<'batch_created'>): string | undefined {
  if (batches.has(batch_id)) return inUse(batch_id);
  if (task_ids.length > BATCH_SIZE) return `a batch holds at most ${BATCH_SIZE} changes`;
  const odd = task_ids.find((id) => tasks.get(id)?.status !== 'pending');
  if (odd !== undefined) return `the integration task ${odd} does not wait for a batch`;
  const projects = new Set(task_ids.map((id) => changes.get(tasks.get(id)?.change_id ?? '')?.project));
  return projects.size > 1 ? 'a batch is of one project' : undefined;
}

function changeRefusal(
  state: GateState,
  change: Change,
  event: Of<'qa_claimed' | 'test_submitted' | 'result_recorded' | 'change_stopped' | 'change_moved'>,
): string | undefined {
  if (event.event === 'change_stopped')
    return isOpen(change) ? undefined : `the change ${change.change_id} has ended: it is ${change.status}`;
  if (isLost(change))
    return `the change ${change.change_id} is lost (${change.reasons.at(-1) ?? change.status}); it needs another attempt`;
  switch (event.event) {
    case 'qa_claimed':
      return claimRefusal(state, change, event);
    case 'change_moved':
      return moveRefusal(state, event);
    case 'test_submitted':
      return testRefusal(state, change, event);
    case 'result_recorded':
      return resultRefusal(state, change, event);
  }
}

function claimRefusal({ residents }: GateState, change: Change, { resident_id }: Of<'qa_claimed'>): string | undefined {
  if (change.status !== 'needs_qa') return outOfOrder(change, 'be claimed for QA', 'needs_qa');
  if (resident_id === change.author_id) return 'nobody does the QA of work of their own';
  if (resident_id === HUMAN || residents.get(resident_id)?.specializations.includes('qa')) return undefined;
  return `${resident_id} is not registered with the specialisation qa`;
}

function moveRefusal({ ballots }: GateState, { ballot_id, tree }: Of<'change_moved'>): string | undefined {
  if (tree === undefined) return 'a change that moved names its tree';
  return ballot_id !== undefined && ballots.has(ballot_id) ? inUse(ballot_id) : undefined;
}

const STAGE = { unit: 'qa_in_progress', integration: 'needs_integration', e2e: 'needs_e2e' } as const;

function testRefusal(
  { submissions, ballots }: GateState,
  change: Change,
  { test_type, actor, submission_id, ballot_id }: Of<'test_submitted'>,
): string | undefined {
  if (change.status !== STAGE[test_type]) return outOfOrder(change, `get ${test_type} tests`, STAGE[test_type]);
  if (change.submissions[test_type] !== undefined) return `its ${test_type} test was submitted already`;
  if (submissions.has(submission_id) || ballots.has(ballot_id)) return inUse(`${submission_id} or ${ballot_id}`);
  if (test_type === 'unit' && actor !== change.qa_by && actor !== HUMAN) return `the QA of this change is with ${change.qa_by}`;
  return actor === change.author_id ? 'nobody tests work of their own' : undefined;
}

function resultRefusal(state: GateState, change: Change, event: Of<'result_recorded'>): string | undefined {
  const { test_type, passed, integration_task_id, tree } = event;
  if (change.tree !== undefined && tree !== change.tree) return 'the result is of another tree than what the change is by now';
  if (change.status !== STAGE[test_type]) return outOfOrder(change, `get a result of ${test_type} tests`, STAGE[test_type]);
  const submission = state.submissions.get(change.submissions[test_type] ?? '');
  if (test_type === 'unit' && !submission && change.stages.includes('qa')) return 'no unit test was submitted yet';
  if (submission && submission.status !== 'approved') return `the vote on its ${test_type} test is ${submission.status}`;
  if (test_type === 'unit' && passed && (integration_task_id === undefined || state.tasks.has(integration_task_id)))
    return 'a passed unit gate makes one new integration task';
  return undefined;
}

function outOfOrder({ change_id, status }: Change, what: string, needed: string): string {
  return `the change ${change_id} is ${status} and cannot ${what} before it is ${needed}`;
}

/** What the votes come to: the person's word, else more approvals than rejections. */
export function tallied({ votes }: Ballot): 'approved' | 'rejected' {
  const person = votes.find(({ voter_id }) => voter_id === HUMAN);
  if (person) return person.vote;
  const approvals = votes.filter(({ vote }) => vote === 'approved').length;
  return approvals > votes.length - approvals ? 'approved' : 'rejected';
}

/** True when no further vote is waited for. */
export const isDecided = ({ votes }: Ballot): boolean =>
  votes.length >= DECIDING_VOTES || votes.some(({ voter_id }) => voter_id === HUMAN);

/**
 * The pending integration tasks of each project in groups of at most `size`, oldest first; undefined when it is no size.
 * `alone`: projects of which every change is integrated by itself.
 */
export function batchesOf({ changes, tasks }: GateState, size = BATCH_SIZE, alone?: ReadonlySet<string>): string[][] | undefined {
  if (!Number.isInteger(size) || size < 1) return undefined;
  const groups: string[][] = [];
  const open = new Map<string | undefined, string[]>();
  for (const { task_id, change_id, status } of tasks.values()) {
    if (status !== 'pending') continue;
    const project = changes.get(change_id)?.project;
    const most = project !== undefined && alone?.has(project) ? 1 : size;
    const last = open.get(project);
    const group = last && last.length < most ? last : [];
    if (group.length === 0) groups.push(group);
    open.set(project, group);
    group.push(task_id);
  }
  return groups;
}
