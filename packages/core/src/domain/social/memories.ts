import { z } from 'zod';
import { idFrom } from '../economy/hash.ts';
import { type Action, action, type Evolve, Id, IdentityId, KEEPERS, on, RESIDENT, refuse, Text, unknownIdentity } from './kit.ts';
import { readPerson } from './people.ts';

/** Where a memory comes from. `verified` ones rest on an approved task. */
const Provenance = z.object({
  source: z.enum(['self', 'verified']),
  task_id: Id.optional(),
  skill: z.string().max(200).optional(),
  outcome: z.enum(['worked', 'failed']).optional(),
});

const Remembered = z.object({
  id: Id,
  identity_id: IdentityId,
  content: z.string(),
  about: z.string().optional(),
  day: z.int(),
  provenance: Provenance,
});

/** One thing a resident keeps. `weight` falls when it is contradicted and is 0 once it did harm. */
export interface Memory extends z.infer<typeof Remembered> {
  readonly created_at: string;
  weight: number;
}

export type Memories = Map<string, Memory[]>;

const KEEP = 500;
const MAX_CHARS = 600;
const CONTRADICTED = 0.5;
const SELF_WEIGHT = 0.8;

const Remember = z.strictObject({ content: Text(MAX_CHARS), about: Text(200).optional() });
const Learn = z.strictObject({
  identity_id: IdentityId,
  content: Text(MAX_CHARS),
  about: Text(200).optional(),
  task_id: Id,
  skill: Text(200).optional(),
  outcome: z.enum(['worked', 'failed']).default('worked'),
});
const Doubt = z.strictObject({
  identity_id: IdentityId,
  memory_id: Id,
  verdict: z.enum(['contradicted', 'harmful']),
  because: Text(600, 3),
});

export const memoryActions: Readonly<Record<string, Action>> = {
  remember: action(RESIDENT, Remember, (world, { content, about }, { actor, key }) => {
    const id = idFrom('memory', key);
    const { days } = readPerson(world.society, actor);
    const data = { id, identity_id: actor, content, ...(about && { about }), day: days, provenance: { source: 'self' } };
    return { ok: true, event: { kind: 'remembered', memo: 'kept a memory', data, subjects: [] }, answer: { memory_id: id } };
  }),
  learn: action(KEEPERS, Learn, (world, { identity_id, content, about, ...from }) => {
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const key = `learned:${from.task_id}::${identity_id}`;
    if (world.tokens.keys.has(key)) return refuse('already_learned', 'What this task taught is kept already');
    const id = idFrom('memory', key);
    const day = readPerson(world.society, identity_id).days;
    const data = { id, identity_id, content, ...(about && { about }), day, provenance: { source: 'verified', ...from } };
    return { ok: true, event: { kind: 'remembered', memo: from.task_id, data, subjects: [], key }, answer: { memory_id: id } };
  }),
  doubt_memory: action(KEEPERS, Doubt, (world, args) => {
    const held = world.society.memories.get(args.identity_id)?.some(({ id }) => id === args.memory_id);
    if (!held) return refuse('memory_not_found', `${args.identity_id} has no memory ${args.memory_id}`);
    const event = { kind: 'memory_doubted', memo: args.because, data: args, subjects: [] };
    return { ok: true, event, answer: {} };
  }),
};

export const memoryEvents: Readonly<Record<string, Evolve>> = {
  remembered: on(Remembered, ({ memories }, data, { timestamp }) => {
    const held = memories.get(data.identity_id) ?? [];
    memories.set(data.identity_id, held);
    held.push({ ...data, created_at: timestamp, weight: data.provenance.source === 'verified' ? 1 : SELF_WEIGHT });
    if (held.length > KEEP) held.splice(weakest(held), 1);
  }),
  memory_doubted: on(Doubt, ({ memories }, { identity_id, memory_id, verdict }) => {
    const memory = memories.get(identity_id)?.find(({ id }) => id === memory_id);
    if (memory) memory.weight = verdict === 'harmful' ? 0 : memory.weight * CONTRADICTED;
  }),
};

/** The oldest of the least trusted. */
function weakest(held: readonly Memory[]): number {
  let at = 0;
  for (const [index, memory] of held.entries()) if (memory.weight < (held[at]?.weight ?? 0)) at = index;
  return at;
}
