import { z } from 'zod';
import type { Identity } from '../../../contract/files.ts';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import { Postings } from '../../economy/postings.ts';
import {
  type Context,
  type Decision,
  IdentityId,
  poor,
  RESIDENT,
  stateless,
  subjectOn,
  Text,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { nearDuplicate } from './creation.ts';
import { type PeopleSlice, personOf, readPerson } from './people.ts';
import {
  coreItemCost,
  coreRefundRate,
  mutableCost,
  mutableRefundRate,
  refund,
  respecCost,
  respecRefundRate,
} from './self-edit-costs.ts';
import { Changes, CORE_LISTS, CORE_SINGLES } from './self-edit-shape.ts';

type Sees = PeopleSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const SINK = 'sink:self_edit';
const MIN_REASON = 20;

const Edit = z.strictObject({ changes: Changes, reason: Text(4_000, 0).default('') });
const Priced = z.object({ cost: z.int(), refund: z.int() });
const Edited = z.object({ identity_id: IdentityId, changes: Changes, gross: z.int(), net: z.int() });

/** Price of a set of changes, before and after what the reason gives back; or why they may not be made. */
function priceOf(identity: Identity, changes: Changes, reason: string, sessions: number) {
  const core = identity.attributes.core;
  const parts: { gross: number; rate: number; needsReason: boolean }[] = [];
  const respec = respecCost(sessions);
  if (changes.name !== undefined) parts.push({ gross: respec, rate: respecRefundRate(reason), needsReason: true });
  for (const list of CORE_LISTS) {
    for (const at of (changes.core?.[list] ?? []).keys())
      parts.push({ gross: coreItemCost(core[list].length + at), rate: 0, needsReason: false });
  }
  for (const single of CORE_SINGLES) {
    if (changes.core?.[single] === undefined) continue;
    const first = typeof core[single] !== 'string' || core[single] === '';
    parts.push({ gross: first ? 0 : respec, rate: coreRefundRate(reason), needsReason: !first });
  }
  for (const _ of Object.keys(changes.mutable ?? {}))
    parts.push({ gross: mutableCost(sessions), rate: mutableRefundRate(reason), needsReason: false });
  if (changes.profile) parts.push({ gross: NUMBERS.profile_cost, rate: 0, needsReason: false });
  const gross = parts.reduce((sum, part) => sum + part.gross, 0);
  const back = parts.reduce((sum, part) => sum + refund(part.gross, part.rate), 0);
  return { gross, net: gross - back, needsReason: parts.some((part) => part.needsReason), parts: parts.length };
}

function decideEdit(world: World, { changes, reason }: z.infer<typeof Edit>, { actor }: Context): Decision<typeof Priced> {
  const identity = world.identities.get(actor);
  if (!identity) return refuse('identity_not_found', 'Your own record is missing; ask the person to restore it');
  const person = readPerson(world.society, actor);
  const price = priceOf(identity, changes, reason, person.sessions);
  const problem = problemOf(world, identity, changes);
  if (problem) return problem;
  if (price.parts === 0) return refuse('nothing_changed', 'Name at least one field to change');
  if (price.needsReason && reason.length < MIN_REASON)
    return refuse('journal_required', `Say why in at least ${MIN_REASON} characters`);
  const last = person.last_profile_session;
  if (changes.profile && last !== undefined && person.sessions - last < NUMBERS.profile_every_sessions)
    return refuse('rate_limited', `The profile may change once in ${NUMBERS.profile_every_sessions} sessions`);
  const booking = new Postings(world.tokens);
  const held = booking.balance(walletAccount(actor, 'free'));
  if (held < price.gross) return poor(held, price.gross);
  booking.charge(actor, SINK, price.net);
  const data = { identity_id: actor, changes, gross: price.gross, net: price.net, reason };
  const subjects = [`identity:${actor}`, ...(changes.name ? ['identities'] : [])];
  const event = {
    kind: 'self_edited',
    memo: changes.name ? `renamed to ${changes.name}` : 'edited self',
    data,
    subjects,
    booking,
  };
  return { ok: true, event, answer: { cost: price.net, refund: price.gross - price.net } };
}

function problemOf(world: World, identity: Identity, changes: Changes) {
  for (const list of CORE_LISTS) {
    const seen = new Set(identity.attributes.core[list].map((item) => item.toLowerCase()));
    for (const item of changes.core?.[list] ?? []) {
      if (seen.has(item.toLowerCase())) return refuse('already_exists', `${list} holds "${item}" already`);
      seen.add(item.toLowerCase());
    }
  }
  const others = [...world.identities.values()].filter(({ id }) => id !== identity.id);
  return changes.name === undefined ? undefined : nearDuplicate({ name: changes.name, summary: '', statement: '' }, others);
}

const acts = { edit_self: action(RESIDENT, Edit, Priced, decideEdit) };

const events = {
  self_edited: on(Edited, (society, { identity_id, changes }) => {
    const person = personOf(society, identity_id);
    person.edits.push(changes);
    if (changes.profile) person.last_profile_session = person.sessions;
  }),
};

/** The record with changes made to it. Everything else in it is kept. */
export function withChanges(identity: Identity, { name, core, mutable, profile }: Changes): Identity {
  const old = identity.attributes;
  const lists = CORE_LISTS.map((list) => [list, [...new Set([...old.core[list], ...(core?.[list] ?? [])])]] as const);
  const newCore = { ...old.core, ...definedOf(core), ...Object.fromEntries(lists) };
  const attributes = {
    ...old,
    core: newCore,
    mutable: { ...objectOf(old['mutable']), ...definedOf(mutable) },
    profile: { ...objectOf(old['profile']), ...definedOf(profile) },
  };
  return { ...identity, ...(name === undefined ? {} : { name }), attributes };
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function definedOf(value: object | undefined): object {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => item !== undefined));
}

export const SELF_EDITS = subject({ name: 'self-edits', empty: stateless, acts, events });
