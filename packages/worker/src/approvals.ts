import {
  type Config,
  type Identity,
  type Lease,
  type SocietyStore,
  TaskConflictError,
  type TaskEvent,
  type TaskRecord,
  type TaskStore,
  useReward,
} from '@vivarium/core';
import { announcement } from './phases/reward/post.ts';
import { type Earned, rewardFor } from './phases/reward/rules.ts';

/** What an approval needs to be followed up. */
export interface ApprovalDeps {
  readonly config: Pick<Config, 'autoDiscussionUpdates'>;
  readonly store: TaskStore;
  readonly society: Pick<SocietyStore, 'act' | 'refresh' | 'world'>;
  readonly identity: (id: string | undefined) => Identity | undefined;
  /** Lets a resident keep what came of a task, once; without it a worker does it later. */
  readonly remember?: (record: TaskRecord, identity: Identity) => Promise<void>;
}

/** What came of following up: what the author earned, and whether it was booked just now. */
export interface FollowUp {
  readonly earned: Earned;
  readonly booked: boolean;
}

/**
 * Do what follows a final verdict, whoever gave it: book the reward of an approval under its one key, keep what was promised
 * for it, tell the room, and let the author keep what came of the task. Doing it again changes nothing, so it may be repeated after any crash and by
 * any process.
 */
export async function followApproval(deps: ApprovalDeps, record: TaskRecord, identityId?: string): Promise<FollowUp | undefined> {
  if (record.status === 'cancelled') await endQuest(deps, record.task.id, 'cancelled');
  if (record.status !== 'approved' && record.status !== 'failed') return undefined;
  const author = deps.identity(identityId ?? firstClaim(deps.store.history(record.task.id), record.attempt)?.identity_id);
  if (record.status === 'failed' || !record.review) {
    if (author) await deps.remember?.(record, author);
    return undefined;
  }
  const earned = rewardFor({ record, review: record.review, identity_id: author?.id });
  // The memory comes last, so that its entry in the ledger tells that all of this is done.
  const booked = await book(deps, record.task.id, earned);
  if (!record.outcome?.simulated) await endQuest(deps, record.task.id, 'completed');
  if (author) await rewardUse(deps, record, author.id);
  if (deps.config.autoDiscussionUpdates) await done(deps, 'announce', announcement(record, author));
  if (author) await deps.remember?.(record, author);
  return { earned, booked };
}

async function book(deps: ApprovalDeps, task_id: string, earned: Earned): Promise<boolean> {
  const { identity_id, tokens, budget_used, max_budget, confidence } = earned;
  if (tokens <= 0 || identity_id === undefined) return false;
  const request = { task_id, identity_id, tokens, budget_used, max_budget, review_confidence: confidence };
  return done(deps, 'reward_task', request);
}

/** Pay or take back what was promised for a task, if anything was. */
async function endQuest(deps: ApprovalDeps, task_id: string, status: 'completed' | 'cancelled'): Promise<void> {
  await deps.society.refresh();
  const quest = deps.society.world.society.quests.get(task_id);
  if (quest?.status === 'active') await done(deps, 'end_quest', { task_id, status });
}

/** A skill did the work: those who made it have their share. */
async function rewardUse(deps: ApprovalDeps, { task, outcome }: TaskRecord, identity_id: string): Promise<void> {
  const skill = outcome?.simulated ? undefined : outcome?.tool_name;
  if (skill === undefined || useReward(deps.society.world.society.crafts.get(skill), identity_id) === 0) return;
  await done(deps, 'reward_skill_use', { skill, task_id: task.id, identity_id });
}

/** Whether it was done just now; done before is as good. */
async function done({ society }: ApprovalDeps, action: string, args: object): Promise<boolean> {
  const answer = await society.act('runtime', action, args);
  if (!answer.ok && !answer.reason.startsWith('already_')) throw new TaskConflictError(`${action} was refused: ${answer.reason}`);
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

/** The resident who did the present attempt at a task. */
export function authorOf(store: Pick<TaskStore, 'get' | 'history'>, task_id: string): string | undefined {
  const record = store.get(task_id);
  return record && firstClaim(store.history(task_id), record.attempt)?.identity_id;
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
