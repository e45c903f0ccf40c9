import { z } from 'zod';
import { Identity } from '../../../contract/files.ts';
import { type Refused, refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { ANYONE, type Context, type Decision, IdentityId, subjectOn, Text, type WorldOf } from '../kit/index.ts';
import { plain, similarity } from '../kit/text.ts';
import { OfIdentity } from './people.ts';

type Sees = CreatedSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

/** Those who were created here; others were settled by a file. */
export interface CreatedSlice {
  readonly created: Map<string, Identity>;
}

const NAME_LIMIT = 0.9;
const STATEMENT_LIMIT = 0.93;
const SUMMARY_LIMIT = 0.95;
/** Shorter statements and summaries resemble each other by chance. */
const COMPARABLE_CHARS = 20;
const EMPTY_WORDS = new Set(
  'resident identity persona person individual self character avatar agent worker profile npc'.split(' '),
);

const Words = (max: number) => z.array(Text(64)).max(max).default([]);
const Create = z.strictObject({
  name: Text(80),
  summary: Text(600, 0).default(''),
  identity_statement: Text(600, 0).default(''),
  communication_style: Text(600, 0).optional(),
  personality_traits: Words(10),
  core_values: Words(10),
  preferred_activities: Words(10),
  affinities: Words(10),
  creator_identity_id: IdentityId.optional(),
  available_cycle: z.int().nonnegative().default(0),
});

/** Why a newcomer is too much like somebody who lives here; undefined when it is not. */
export function nearDuplicate(
  { name, summary, statement }: { name: string; summary: string; statement: string },
  others: readonly Identity[],
): Refused | undefined {
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  if (words.length === 0) return refuse('invalid_name', 'A name needs letters or digits');
  const empty = words.find((word) => EMPTY_WORDS.has(word));
  if (empty !== undefined) return refuse('banned_name', `"${empty}" names a kind, not somebody; choose a name of its own`);
  for (const other of others) {
    const pairs = [
      ['name', name, other.name, NAME_LIMIT, 1],
      ['statement', statement, other.attributes.core.identity_statement, STATEMENT_LIMIT, COMPARABLE_CHARS],
      ['summary', summary, other.summary, SUMMARY_LIMIT, COMPARABLE_CHARS],
    ] as const;
    for (const [what, one, two, limit, min] of pairs) {
      const [a, b] = [plain(one), plain(two)];
      if (a.length >= min && b.length >= min && similarity(a, b) >= limit)
        return refuse('near_duplicate', `Its ${what} is too close to that of ${other.name}; make it differ more`);
    }
  }
  return undefined;
}

function decideCreate(
  world: World,
  args: z.infer<typeof Create>,
  { actor, kind, now, key }: Context,
): Decision<typeof OfIdentity> {
  const limit = world.max_residents ?? Number.POSITIVE_INFINITY;
  if (world.identities.size >= limit)
    return refuse('too_many_residents', `${limit} residents live here, as many as may; raise VIVARIUM_MAX_RESIDENTS for more`);
  const creator = kind === 'resident' ? actor : args.creator_identity_id;
  if (creator !== undefined && !world.identities.has(creator))
    return refuse('creator_not_found', `No resident has the id ${creator}`);
  const statement = args.identity_statement;
  const twin = nearDuplicate({ name: args.name, summary: args.summary, statement }, [...world.identities.values()]);
  if (twin) return twin;
  const id = idFrom('oc', key);
  const { name, summary, personality_traits, core_values, preferred_activities, affinities, available_cycle } = args;
  const core = {
    personality_traits: [...new Set(personality_traits)],
    core_values: [...new Set(core_values)],
    identity_statement: statement,
    ...(args.communication_style ? { communication_style: args.communication_style } : {}),
  };
  const identity = {
    ...{ id, name, summary, created_at: now, created_by: { resident_id: actor, identity_id: creator ?? actor } },
    origin: kind === 'resident' ? 'resident_authored' : 'person_authored',
    ...{ available_cycle, affinities, preferred_activities },
    attributes: { core, profile: {}, mutable: {} },
    meta: {},
  };
  const event = {
    kind: 'identity_created',
    memo: `created ${name}`,
    data: { identity },
    subjects: ['identities', `identity:${id}`],
  };
  return { ok: true, event, answer: { identity_id: id } };
}

const acts = { create_identity: action(ANYONE, Create, OfIdentity, decideCreate) };

const events = {
  identity_created: on(z.object({ identity: Identity }), (society, { identity }) => {
    society.created.set(identity.id, identity);
  }),
};

export const CREATION = subject({ name: 'creation', empty: (): CreatedSlice => ({ created: new Map() }), acts, events });
