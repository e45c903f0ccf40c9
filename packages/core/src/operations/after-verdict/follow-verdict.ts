import type { Config } from '../../config/schema.ts';
import { asRuntime } from '../../contract/actor.ts';
import { isAlready } from '../../contract/refusals.ts';
import { rewardFor } from '../../domain/economy/reward.ts';
import { type ActArgs, type ActName, useReward } from '../../domain/social/index.ts';
import { authorOf } from '../../domain/task/doer.ts';
import { TaskConflictError } from '../../errors/index.ts';
import type { TaskRecord, TaskStore } from '../../ports/task-store.ts';
import { rememberOutcome, type Society } from './remember-outcome.ts';

const RESULT_CHARS = 240;
const PROMPT_CHARS = 160;

/** What following a verdict up needs. */
export interface VerdictDeps {
  readonly config: Pick<Config, 'autoDiscussionUpdates'>;
  readonly store: Pick<TaskStore, 'get' | 'history'>;
  readonly society: Society;
  readonly warn: (details: object, message: string) => void;
}

/**
 * Do what follows a final verdict, whoever gave it: book the reward of an approval under its one key, keep or take back
 * what was promised for it, tell the room, and let the author keep what came of the task. Doing it again changes nothing,
 * so it may be repeated after any crash and by any process.
 */
export async function followVerdict(deps: VerdictDeps, record: TaskRecord, identityId?: string): Promise<void> {
  const { store, society } = deps;
  const { task, status, review } = record;
  if (status === 'cancelled') await endQuest(deps, task.id, 'cancelled');
  if (status !== 'approved' && status !== 'failed') return;
  await society.refresh();
  const author = society.world.identities.get(identityId ?? authorOf(store, task.id) ?? '');
  if (status === 'approved' && review) {
    await book(deps, record, review, author?.id);
    if (!record.outcome?.simulated) await endQuest(deps, task.id, 'completed');
    if (author) await rewardUse(deps, record, author.id);
    if (deps.config.autoDiscussionUpdates) await done(deps, 'announce', announcement(record, author?.id));
  }
  // The memory comes last, so that its entry in the ledger tells that all of this is done.
  if (author) await rememberOutcome(deps, record, author);
}

async function book(
  deps: VerdictDeps,
  record: TaskRecord,
  review: NonNullable<TaskRecord['review']>,
  identity_id: string | undefined,
): Promise<void> {
  const { tokens, budget_used, max_budget, confidence } = rewardFor({ record, review, identity_id });
  if (tokens <= 0 || identity_id === undefined) return;
  const request = { task_id: record.task.id, identity_id, tokens, budget_used, max_budget, review_confidence: confidence };
  await done(deps, 'reward_task', request);
}

/** Pay or take back what was promised for a task, if anything was. */
async function endQuest(deps: VerdictDeps, task_id: string, status: 'completed' | 'cancelled'): Promise<void> {
  await deps.society.refresh();
  const quest = deps.society.world.society.quests.get(task_id);
  if (quest?.status === 'active') await done(deps, 'end_quest', { task_id, status });
}

/** A skill did the work: those who made it have their share. */
async function rewardUse(deps: VerdictDeps, { task, outcome }: TaskRecord, identity_id: string): Promise<void> {
  const skill = outcome?.simulated ? undefined : outcome?.tool_name;
  if (skill === undefined || useReward(deps.society.world.society.crafts.get(skill), identity_id) === 0) return;
  await done(deps, 'reward_skill_use', { skill, task_id: task.id, identity_id });
}

/** What the room hears of an approved task, as the society's act `announce` takes it. */
function announcement(record: TaskRecord, identity_id: string | undefined) {
  const { task } = record;
  const result = oneLine(record.outcome?.result_summary ?? '').slice(0, RESULT_CHARS);
  const asked = oneLine(task.prompt ?? task.command ?? task.skill ?? '').slice(0, PROMPT_CHARS);
  return {
    task_id: task.id,
    identity_id,
    room: task.discussion_room,
    content: `${task.id} is approved: ${result}\nTask: ${asked}`,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Done before is as good. */
async function done<N extends ActName>({ society }: VerdictDeps, action: N, args: ActArgs<N>): Promise<void> {
  const answer = await society.act(asRuntime, action, args);
  if (!answer.ok && !isAlready(answer.reason)) throw new TaskConflictError(`${action} was refused: ${answer.reason}`);
}
