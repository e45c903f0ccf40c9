import type { Clock, Config, FileTokenLedger, Identity, TaskEvent, TaskRecord, TaskStore } from '@vivarium/core';
import { reviewPost } from './phases/reward/post.ts';
import { type Earned, rewardFor } from './phases/reward/rules.ts';
import type { Rooms } from './rooms.ts';

/** What an approval needs to be followed up. */
export interface ApprovalDeps {
  readonly config: Pick<Config, 'autoDiscussionUpdates'>;
  readonly clock: Clock;
  readonly store: TaskStore;
  readonly ledger: Pick<FileTokenLedger, 'reward'>;
  readonly rooms: Rooms;
  readonly identity: (id: string | undefined) => Identity | undefined;
}

/** What came of following up: tokens that were booked just now, and whether the room heard of it. */
export interface FollowUp {
  readonly earned: Earned;
  readonly booked: boolean;
  readonly posted: boolean;
}

/**
 * Do what follows an approval, whoever approved: book the reward under its one key and tell the room. Doing it again
 * changes nothing, so it may be repeated after any crash and by any process.
 */
export async function followApproval(deps: ApprovalDeps, record: TaskRecord, identityId?: string): Promise<FollowUp | undefined> {
  if (record.status !== 'approved' || !record.review) return undefined;
  const author = deps.identity(identityId ?? workedBy(deps.store.history(record.task.id)));
  const earned = rewardFor({ record, review: record.review, identity_id: author?.id });
  const booked = await book(deps, record.task.id, earned);
  const posted = deps.config.autoDiscussionUpdates ? await deps.rooms.say(reviewPost(record, author, deps.clock.now())) : false;
  return { earned, booked, posted };
}

async function book(deps: ApprovalDeps, task_id: string, earned: Earned): Promise<boolean> {
  const { identity_id, tokens, budget_used, max_budget, confidence } = earned;
  if (tokens <= 0 || identity_id === undefined) return false;
  const request = { task_id, identity_id, tokens, budget_used, max_budget, review_confidence: confidence };
  return (await deps.ledger.reward(request)).granted;
}

/** The resident who did the work that stands: the last one that claimed the task. */
export function workedBy(history: readonly TaskEvent[]): string | undefined {
  const claim = history.findLast((event) => event.event === 'task_claimed');
  return claim?.event === 'task_claimed' ? claim.identity_id : undefined;
}
