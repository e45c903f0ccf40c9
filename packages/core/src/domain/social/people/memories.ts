import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Id, IdentityId, KEEPERS, RESIDENT, subjectOn, Text, unknownIdentity } from '../kit/index.ts';
import { type PeopleSlice, readPerson } from './people.ts';

const { action, on, subject } = subjectOn<MemorySlice & PeopleSlice>();

/** Where a memory comes from. `verified` ones rest on an approved task. */
const Provenance = z.object({
  source: z.enum(['self', 'verified']),
  task_id: z.string().optional(),
  skill: z.string().optional(),
  outcome: z.enum(['worked', 'failed']).optional(),
});

/** As it stands in the ledger, where it was checked before: this is read a million times at a start. */
const Remembered = z.object({
  id: z.string(),
  identity_id: z.string(),
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

/** By resident, oldest first. */
export interface MemorySlice {
  readonly memories: Map<string, Memory[]>;
}

/** At most; then some are forgotten at once. */
const KEEP = 500;
const FORGET = 50;
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
  /** The task that showed it: each task doubts a memory once. */
  task_id: Id.optional(),
});

const OfMemory = z.object({ memory_id: Id });

const acts = {
  remember: action(RESIDENT, Remember, OfMemory, (world, { content, about }, { actor, key }) => {
    const id = idFrom('memory', key);
    const { days } = readPerson(world.society, actor);
    const data = { id, identity_id: actor, content, ...(about && { about }), day: days, provenance: { source: 'self' } };
    return { ok: true, event: { kind: 'remembered', memo: 'kept a memory', data, subjects: [] }, answer: { memory_id: id } };
  }),
  learn: action(KEEPERS, Learn, OfMemory, (world, { identity_id, content, about, ...from }) => {
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const key = `learned:${from.task_id}::${identity_id}`;
    if (world.tokens.keys.has(key)) return refuse('already_learned', 'What this task taught is kept already');
    const id = idFrom('memory', key);
    const day = readPerson(world.society, identity_id).days;
    const data = { id, identity_id, content, ...(about && { about }), day, provenance: { source: 'verified', ...from } };
    return { ok: true, event: { kind: 'remembered', memo: from.task_id, data, subjects: [], key }, answer: { memory_id: id } };
  }),
  doubt_memory: action(KEEPERS, Doubt, OfMemory, (world, args) => {
    const held = world.society.memories.get(args.identity_id)?.some(({ id }) => id === args.memory_id);
    if (!held) return refuse('memory_not_found', `${args.identity_id} has no memory ${args.memory_id}`);
    const key = args.task_id === undefined ? undefined : `doubted:${args.task_id}:${args.memory_id}`;
    if (key !== undefined && world.tokens.keys.has(key)) return refuse('already_doubted', 'This task has spoken on it already');
    const event = { kind: 'memory_doubted', memo: args.because, data: args, subjects: [], ...(key && { key }) };
    return { ok: true, event, answer: { memory_id: args.memory_id } };
  }),
};

const events = {
  remembered: on(Remembered, ({ memories }, { id, identity_id, content, about, day, provenance }, { timestamp }) => {
    const held = memories.get(identity_id) ?? [];
    const weight = provenance.source === 'verified' ? 1 : SELF_WEIGHT;
    held.push({ id, identity_id, content, about, day, provenance, created_at: timestamp, weight });
    memories.set(identity_id, held.length > KEEP ? withoutWeakest(held) : held);
  }),
  memory_doubted: on(Doubt, ({ memories }, { identity_id, memory_id, verdict }) => {
    const memory = memories.get(identity_id)?.find(({ id }) => id === memory_id);
    if (memory) memory.weight = verdict === 'harmful' ? 0 : memory.weight * CONTRADICTED;
  }),
};

/** The least trusted go, the oldest of them first. Several at once, because each search looks at all. */
function withoutWeakest(held: readonly Memory[]): Memory[] {
  if (held.every(({ weight }) => weight === held[0]?.weight)) return held.slice(FORGET);
  const weights = Float64Array.from(held, ({ weight }) => weight).sort();
  const limit = weights[FORGET] ?? 0;
  let equals = FORGET - weights.indexOf(limit);
  return held.filter(({ weight }) => weight > limit || (weight === limit && equals-- <= 0));
}

export const MEMORIES = subject({ name: 'memories', empty: (): MemorySlice => ({ memories: new Map() }), acts, events });
