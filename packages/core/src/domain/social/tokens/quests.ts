import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { Postings } from '../../economy/postings.ts';
import { Id, IdentityId, KEEPERS, PERSON, subjectOn, unknownIdentity } from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';

const MINT = 'mint:quest';
const { action, on, subject } = subjectOn<QuestSlice>({ mints: { quest_created: MINT } });

/** A task that the person gives to one resident with a tip first, and a reward in escrow for its approval. */
export interface Quest {
  readonly task_id: string;
  readonly identity_id: string;
  readonly upfront_tip: number;
  readonly completion_reward: number;
  readonly created_at: string;
  status: 'active' | 'completed' | 'cancelled';
  ended_at?: string;
}

/** By the task's id. */
export interface QuestSlice {
  readonly quests: Map<string, Quest>;
}

const Tokens = z.int().nonnegative().max(5_000);
const Create = z.strictObject({
  task_id: Id,
  identity_id: IdentityId,
  upfront_tip: Tokens.default(NUMBERS.quest_tip),
  completion_reward: Tokens.default(NUMBERS.quest_reward),
});
const End = z.strictObject({ task_id: Id, status: z.enum(['completed', 'cancelled']) });
const OfTask = z.object({ task_id: Id });
const escrowOf = (task_id: string): string => `escrow:quest:${task_id}`;

const acts = {
  create_quest: action(PERSON, Create, OfTask, (world, args) => {
    const { task_id, identity_id, upfront_tip, completion_reward } = args;
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    if (world.society.quests.has(task_id)) return refuse('quest_exists', `Something was promised for ${task_id} already`);
    const booking = new Postings(world.tokens);
    if (upfront_tip > 0) booking.credit(MINT, identity_id, upfront_tip, 'split');
    if (completion_reward > 0) booking.move(MINT, escrowOf(task_id), completion_reward);
    const memo = `quest ${task_id}: ${upfront_tip} tokens now, ${completion_reward} when it is approved`;
    const event = { kind: 'quest_created', memo, data: args, subjects: [`quest:${task_id}`], booking };
    return { ok: true, event, answer: { task_id } };
  }),
  /** Completed pays the reward, once; cancelled returns it. */
  end_quest: action(KEEPERS, End, OfTask.extend({ status: End.shape.status }), (world, args) => {
    const { task_id, status } = args;
    const quest = world.society.quests.get(task_id);
    if (!quest) return refuse('quest_not_found', `Nothing was promised for ${task_id}`);
    if (quest.status !== 'active') return refuse('already_ended', `It is ${quest.status}`);
    const booking = new Postings(world.tokens);
    const held = booking.balance(escrowOf(task_id));
    if (held > 0 && status === 'completed') booking.credit(escrowOf(task_id), quest.identity_id, held, 'split');
    else if (held > 0) booking.move(escrowOf(task_id), MINT, held);
    const event = {
      kind: 'quest_ended',
      memo: `quest ${task_id} ${status}`,
      data: args,
      subjects: [`quest:${task_id}`],
      booking,
    };
    return { ok: true, event, answer: { task_id, status } };
  }),
};

const events = {
  quest_created: on(Create, ({ quests }, data, { timestamp }) => {
    quests.set(data.task_id, { ...data, status: 'active', created_at: timestamp });
  }),
  quest_ended: on(End, ({ quests }, { task_id, status }, { timestamp }) => {
    const quest = quests.get(task_id);
    if (quest) Object.assign(quest, { status, ended_at: timestamp });
  }),
};

export const QUESTS = subject({ name: 'quests', empty: (): QuestSlice => ({ quests: new Map() }), acts, events });
