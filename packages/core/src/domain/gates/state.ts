import type { GATE_NAMES } from '../../contract/projects-file.ts';
import type { GateName, GateVote } from './events.ts';

/** What a change may have to pass. */
export type Stage = (typeof GATE_NAMES)[number];

/** Where a change stands. The order of the pipeline is the order of this list; `rejected` and `blocked` end it. */
export const CHANGE_STATUSES = [
  'pending_vote',
  'needs_qa',
  'qa_in_progress',
  'needs_integration',
  'needs_e2e',
  'ready_for_merge',
  'rejected',
  'blocked',
] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];
export type GateResult = 'pending' | 'passed' | 'failed';

export interface TestResult {
  readonly passed: boolean;
  readonly details: string;
  readonly recorded_at: string;
}

/** One attempt at a task with `gates: true` on its way to approval. `change_id` is the task's id. */
export interface Change {
  readonly change_id: string;
  readonly attempt: number;
  readonly title: string;
  readonly description: string;
  readonly author_id: string;
  readonly excerpt: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly status: ChangeStatus;
  readonly gates: Readonly<Record<GateName, GateResult>>;
  /** '' where nobody votes. */
  readonly ballot_id: string;
  /** A change to this project; others are made by whatever the task does. */
  readonly project?: string;
  readonly stages: readonly Stage[];
  readonly tree?: string;
  readonly entries_sha256?: string;
  readonly qa_by: string | null;
  /** The newest submission of each type. */
  readonly submissions: Readonly<Partial<Record<GateName, string>>>;
  readonly integration_task_id: string | null;
  readonly test_results: Readonly<Partial<Record<GateName, TestResult>>>;
  /** Why it was rejected, failed or stopped. */
  readonly reasons: readonly string[];
}

export interface Ballot {
  readonly ballot_id: string;
  readonly subject: { readonly type: 'change' | 'test'; readonly id: string };
  /** Who may not vote: whose work it is. */
  readonly author_id: string;
  readonly status: 'pending' | GateVote;
  readonly votes: readonly { readonly voter_id: string; readonly vote: GateVote; readonly reason: string; readonly at: string }[];
  readonly created_at: string;
  readonly decided_at: string | null;
}

export interface Submission {
  readonly submission_id: string;
  readonly change_id: string;
  readonly attempt: number;
  readonly test_type: GateName;
  readonly submitted_by: string;
  readonly description: string;
  readonly ballot_id: string;
  readonly status: 'pending' | GateVote;
  readonly created_at: string;
}

export interface IntegrationTask {
  readonly task_id: string;
  readonly change_id: string;
  readonly attempt: number;
  readonly batch_id: string | null;
  readonly status: 'pending' | 'batched' | 'passed' | 'failed' | 'dropped';
  readonly created_at: string;
}

export interface Batch {
  readonly batch_id: string;
  readonly task_ids: readonly string[];
  readonly status: GateResult;
  readonly details: string;
  readonly created_at: string;
}

export interface GateResident {
  readonly resident_id: string;
  readonly specializations: readonly string[];
  readonly registered_at: string;
}

/** Everything the gates know, folded from their log. */
export interface GateState {
  readonly changes: Map<string, Change>;
  readonly residents: Map<string, GateResident>;
  readonly submissions: Map<string, Submission>;
  readonly tasks: Map<string, IntegrationTask>;
  readonly batches: Map<string, Batch>;
  readonly ballots: Map<string, Ballot>;
  created_at: string | null;
  updated_at: string | null;
}

export const emptyGates = (): GateState => ({
  changes: new Map(),
  residents: new Map(),
  submissions: new Map(),
  tasks: new Map(),
  batches: new Map(),
  ballots: new Map(),
  created_at: null,
  updated_at: null,
});

/** True when a change cannot become ready any more: only another attempt can. */
export const isLost = (change: Change): boolean =>
  change.status === 'rejected' || change.status === 'blocked' || Object.values(change.gates).includes('failed');

/** True while a change is still on its way. */
export const isOpen = (change: Change): boolean => change.status !== 'ready_for_merge' && !isLost(change);
