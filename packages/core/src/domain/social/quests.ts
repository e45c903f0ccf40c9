import { z } from 'zod';
import { idFrom } from '../economy/hash.ts';
import { Postings } from '../economy/postings.ts';
import { type Action, Amount, action, type Evolve, Id, IdentityId, KEEPERS, on, refuse, Text, unknownIdentity } from './kit.ts';
import { NUMBERS } from './numbers.ts';

/** A task of the person for one resident: a tip first, the promised reward, held in escrow, when it is done. */
export interface Quest {
  readonly id: string;
  readonly task_id: string;
  readonly identity_id: string;
  readonly title: string;
  readonly prompt: string;
  /** US dollars. */
  readonly budget: number;
  readonly upfront_tip: number;
  readonly completion_reward: number;
  readonly created_at: string;
  status: 'active' | 'paused' | 'awaiting_approval' | 'completed' | 'failed';
  updated_at: string;
}

export type Quests = Map<string, Quest>;

const Tokens = z.int().nonnegative().max(5_000);
const Create = z.strictObject({
  identity_id: IdentityId,
  prompt: Text(8_000),
  title: Text(200).optional(),
  budget: z.number().nonnegative().max(50).default(0.2),
  upfront_tip: Tokens.default(NUMBERS.quest_tip),
  completion_reward: Tokens.default(NUMBERS.quest_reward),
});
const Created = z.object({
  id: Id,
  task_id: Id,
  identity_id: IdentityId,
  title: z.string(),
  prompt: z.string(),
  budget: z.number(),
  upfront_tip: Tokens,
  completion_reward: Tokens,
});
const Move = z.strictObject({ quest_id: Id, status: z.enum(['active', 'paused', 'awaiting_approval', 'completed', 'failed']) });
const OPEN: readonly Quest['status'][] = ['active', 'paused', 'awaiting_approval'];
const escrowOf = (id: string): string => `escrow:quest:${id}`;

export const questActions: Readonly<Record<string, Action>> = {
  create_quest: action(KEEPERS, Create, (world, args, { key }) => {
    if (!world.identities.has(args.identity_id)) return unknownIdentity(args.identity_id);
    const id = idFrom('quest', key);
    const booking = new Postings(world.tokens);
    if (args.upfront_tip > 0) booking.credit('mint:quest', args.identity_id, args.upfront_tip, 'split');
    if (args.completion_reward > 0) booking.move('mint:quest', escrowOf(id), args.completion_reward);
    const data = { ...args, id, task_id: id.replace('quest_', 'quest-task-'), title: args.title ?? args.prompt.slice(0, 80) };
    const event = { kind: 'quest_created', memo: `quest ${id}`, data, subjects: [], booking };
    return { ok: true, event, answer: { quest_id: id, task_id: data.task_id } };
  }),
  /** Completed pays the reward, once; failed returns it. */
  move_quest: action(KEEPERS, Move, (world, { quest_id, status }) => {
    const quest = world.society.quests.get(quest_id);
    if (!quest) return refuse('quest_not_found', `There is no quest ${quest_id}`);
    if (!OPEN.includes(quest.status)) return refuse('quest_closed', `It is ${quest.status}`);
    const booking = new Postings(world.tokens);
    if (status === 'completed' && quest.completion_reward > 0)
      booking.credit(escrowOf(quest_id), quest.identity_id, quest.completion_reward, 'split');
    if (status === 'failed' && quest.completion_reward > 0)
      booking.move(escrowOf(quest_id), 'mint:quest', quest.completion_reward);
    const event = {
      kind: 'quest_moved',
      memo: `quest ${quest_id} ${status}`,
      data: { quest_id, status },
      subjects: [`quest:${quest_id}`],
      booking,
    };
    return { ok: true, event, answer: { quest_id, status } };
  }),
  tip_quest: action(KEEPERS, z.strictObject({ quest_id: Id, tokens: Amount.max(5_000) }), (world, { quest_id, tokens }) => {
    const quest = world.society.quests.get(quest_id);
    if (!quest) return refuse('quest_not_found', `There is no quest ${quest_id}`);
    const booking = new Postings(world.tokens);
    booking.credit('mint:quest', quest.identity_id, tokens, 'split');
    const event = { kind: 'quest_tipped', memo: `quest ${quest_id}`, data: { quest_id, tokens }, subjects: [], booking };
    return { ok: true, event, answer: { quest_id } };
  }),
};

export const questEvents: Readonly<Record<string, Evolve>> = {
  quest_created: on(Created, ({ quests }, data, { timestamp }) => {
    quests.set(data.id, { ...data, status: 'active', created_at: timestamp, updated_at: timestamp });
  }),
  quest_moved: on(Move, ({ quests }, { quest_id, status }, { timestamp }) => {
    const quest = quests.get(quest_id);
    if (quest) Object.assign(quest, { status, updated_at: timestamp });
  }),
};
