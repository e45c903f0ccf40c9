import {
  type Clock,
  type Config,
  type Identity,
  type Lease,
  type SocietyStore,
  TaskConflictError,
  type TaskEvent,
  type TaskRecord,
  type TaskStore,
} from '@vivarium/core';
import { reviewPost } from './phases/reward/post.ts';
import { type Earned, rewardFor } from './phases/reward/rules.ts';
import type { Rooms } from './rooms.ts';

/** What an approval needs to be followed up. */
export interface ApprovalDeps {
  readonly config: Pick<Config, 'autoDiscussionUpdates'>;
  readonly clock: Clock;
  readonly store: TaskStore;
  readonly society: Pick<SocietyStore, 'act'>;
  readonly rooms: Rooms;
  readonly identity: (id: string | undefined) => Identity | undefined;
  /** Lets a resident keep what came of a task, once; without it a worker does it later. */
  readonly remember?: (record: TaskRecord, identity: Identity) => Promise<void>;
}

/** What came of following up: tokens that were booked just now, and whether the room heard of it. */
export interface FollowUp {
  readonly earned: Earned;
  readonly booked: boolean;
  readonly posted: boolean;
}

/**
 * Do what follows a final verdict, whoever gave it: book the reward of an approval under its one key, tell the room, and
 * let the author keep what came of the task. Doing it again changes nothing, so it may be repeated after any crash and by
 * any process.
 */
export async function followApproval(deps: ApprovalDeps, record: TaskRecord, identityId?: string): Promise<FollowUp | undefined> {
  if (record.status !== 'approved' && record.status !== 'failed') return undefined;
  const author = deps.identity(identityId ?? firstClaim(deps.store.history(record.task.id), record.attempt)?.identity_id);
  if (record.status === 'failed' || !record.review) {
    if (author) await deps.remember?.(record, author);
    return undefined;
  }
  const earned = rewardFor({ record, review: record.review, identity_id: author?.id });
  // The memory comes last, so that its entry in the ledger tells that all of this is done.
  const told = await payAndTell(deps, record, author, earned);
  if (author) await deps.remember?.(record, author);
  return { earned, ...told };
}

async function payAndTell(deps: ApprovalDeps, record: TaskRecord, author: Identity | undefined, earned: Earned) {
  const booked = await book(deps, record.task.id, earned);
  const posted = deps.config.autoDiscussionUpdates ? await deps.rooms.say(reviewPost(record, author, deps.clock.now())) : false;
  return { booked, posted };
}

async function book(deps: ApprovalDeps, task_id: string, earned: Earned): Promise<boolean> {
  const { identity_id, tokens, budget_used, max_budget, confidence } = earned;
  if (tokens <= 0 || identity_id === undefined) return false;
  const request = { task_id, identity_id, tokens, budget_used, max_budget, review_confidence: confidence };
  const answer = await deps.society.act('runtime', 'reward_task', request);
  if (!answer.ok && answer.reason !== 'already_rewarded') throw new TaskConflictError(`The reward was refused: ${answer.reason}`);
  return answer.ok;
}

type Doer = { readonly identity_id?: string | undefined; readonly resident_id?: string | undefined };

/**
 * Who does an attempt: whoever claimed it first. A worker that takes over goes on in the same resident's name, so that
 * the call it repeats is the same call and the reward goes to the one who did the work.
 */
export function doer({ lease }: { lease: Lease }, store: Pick<TaskStore, 'history'>): Doer {
  if (lease.epoch <= 1) return lease;
  return firstClaim(store.history(lease.task_id), lease.attempt) ?? lease;
}

/** The first claim of an attempt, since somebody last declined it. */
function firstClaim(history: readonly TaskEvent[], attempt: number): Doer | undefined {
  let first: Doer | undefined;
  for (const event of history) {
    if (event.event === 'task_claimed' && event.attempt === attempt) first ??= event;
    if (event.event === 'task_released' && event.declined_by !== undefined) first = undefined;
  }
  return first;
}
