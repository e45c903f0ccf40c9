import { z } from 'zod';
import { asOwner, asRuntime, isPerson } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import {
  ANYONE,
  Id,
  IdentityId,
  KEEPERS,
  Nothing,
  RESIDENT,
  shared,
  subjectOn,
  Text,
  unknownIdentity,
  type WorldOf,
} from '../kit/index.ts';
import type { Changes } from './self-edit-shape.ts';

const { action, on, subject } = subjectOn<PeopleSlice>();

/** What the log says about a resident. The authored part lives in its own file. */
export interface Person {
  sessions: number;
  days: number;
  awake: { readonly cycle_id: number; readonly resident_id: string } | undefined;
  last_cycle: number;
  tasks_completed: number;
  tasks_failed: number;
  declined: number;
  /** 0..100; verified work raises it slowly, a bad verified outcome lowers it fast. */
  trust: number;
  readonly expertise: Map<string, number>;
  /** How often it had to do with others, by id. */
  readonly relations: Map<string, number>;
  readonly edits: Changes[];
  last_profile_session: number | undefined;
  hat: string | undefined;
  readonly suspended: Map<string, string>;
  readonly badges: { readonly category: string; readonly rank: number; readonly period: string; readonly awarded_at: string }[];
}

export interface PeopleSlice {
  readonly people: Map<string, Person>;
}

const FIRST_TRUST = 50;
export const TRUST_FOR_GOOD = 1;
/** Asymmetric on purpose: cheating has to be right five times in six to break even. */
const TRUST_FOR_BAD = 5;

export function personOf(society: PeopleSlice, id: string): Person {
  const known = society.people.get(id);
  if (known) return known;
  const person = newPerson();
  society.people.set(id, person);
  return person;
}

/** For reading: a resident nobody has heard of has a blank page. */
export function readPerson(society: PeopleSlice, id: string): Readonly<Person> {
  return society.people.get(id) ?? newPerson();
}

function newPerson(): Person {
  const counters = { sessions: 0, days: 0, last_cycle: -1, tasks_completed: 0, tasks_failed: 0, declined: 0 };
  const lists = { expertise: new Map(), relations: new Map(), suspended: new Map(), edits: [], badges: [] };
  return { ...counters, ...lists, trust: FIRST_TRUST, awake: undefined, last_profile_session: undefined, hat: undefined };
}

export function levelOf(sessions: number): number {
  return Math.max(1, Math.floor(Math.sqrt(sessions)));
}

/** Per cent, one decimal; 0 before the first task. */
export function successRate({ tasks_completed, tasks_failed }: Pick<Person, 'tasks_completed' | 'tasks_failed'>): number {
  const all = tasks_completed + tasks_failed;
  return all === 0 ? 0 : Math.round((1000 * tasks_completed) / all) / 10;
}

/** They had to do with each other. The person has a voice among residents, and no page of its own. */
export function relate(society: PeopleSlice, one: string, other: string): void {
  if (one === other || isPerson(one) || isPerson(other)) return;
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const { relations } = personOf(society, from);
    relations.set(to, (relations.get(to) ?? 0) + 1);
  }
}

const Woken = z.object({ identity_id: IdentityId, cycle_id: z.int(), resident_id: Id });
const Slept = z.object({ identity_id: IdentityId, cycle_id: z.int().optional() });
const Outcome = z.object({
  identity_id: IdentityId,
  task_id: Id,
  verdict: z.enum(['approved', 'rejected', 'failed']),
  quality: z.number().min(0).max(1).optional(),
  cost_usd: z.number().nonnegative().optional(),
  topics: z.array(Text(64)).max(8).default([]),
});
/** The same as it stands in the ledger, where it was checked before: this is read a million times at a start. */
const Judged = z.object({
  identity_id: z.string(),
  task_id: z.string(),
  verdict: z.string(),
  quality: z.number().optional(),
  cost_usd: z.number().optional(),
  topics: z.array(z.string()).default([]),
});
/** What others follow, too: the society's common record, and what a task cost. */
export const TaskOutcome = shared(Judged);
/** Whom it was about. */
export const OfIdentity = z.object({ identity_id: IdentityId });
const Declined = z.object({ reason: Text(1_000, 3), task_id: Id.optional() });

/** One outcome for each task and who did it. */
export const outcomeKey = (task_id: string, identity_id: string): string => `outcome:${task_id}::${identity_id}`;

const acts = {
  wake: action(KEEPERS, Woken, OfIdentity.extend({ first_session: z.boolean() }), (world, args) => {
    if (!world.identities.has(args.identity_id)) return unknownIdentity(args.identity_id);
    const { awake, sessions } = readPerson(world.society, args.identity_id);
    const other = awake && awake.cycle_id >= args.cycle_id && awake.resident_id !== args.resident_id;
    if (other) return refuse('already_awake', `${args.identity_id} has a body in this cycle already; choose another resident`);
    const event = { kind: 'resident_woke', memo: 'woke', data: args, subjects: [`body:${args.identity_id}`] };
    return { ok: true, event, answer: { identity_id: args.identity_id, first_session: sessions === 0 } };
  }),
  sleep: action(ANYONE, Slept, OfIdentity, (_world, args, { kind, actor }) => {
    if (kind === 'resident' && actor !== args.identity_id) return refuse('not_you', 'Only you can put yourself to rest');
    const event = { kind: 'resident_slept', memo: 'slept', data: args, subjects: [`body:${args.identity_id}`] };
    return { ok: true, event, answer: { identity_id: args.identity_id } };
  }),
  rest: action(RESIDENT, z.strictObject({}), OfIdentity, (_world, _args, { actor }) => {
    const event = { kind: 'resident_slept', memo: 'rested', data: { identity_id: actor }, subjects: [`body:${actor}`] };
    return { ok: true, event, answer: { identity_id: actor } };
  }),
  decline_task: action(RESIDENT, Declined, z.object({ cost: z.int() }), (_world, args, { actor }) => {
    const event = { kind: 'task_declined', memo: args.reason, data: { identity_id: actor, ...args }, subjects: [] };
    return { ok: true, event, answer: { cost: 0 } };
  }),
  record_outcome: action(KEEPERS, Outcome, Nothing, (world, args) => {
    if (!world.identities.has(args.identity_id)) return unknownIdentity(args.identity_id);
    const key = outcomeKey(args.task_id, args.identity_id);
    if (world.tokens.keys.has(key)) return refuse('already_recorded', 'The outcome of this task stands');
    const memo = `${args.task_id} ${args.verdict}`;
    return { ok: true, event: { kind: 'task_outcome', memo, data: args, subjects: [], key }, answer: {} };
  }),
};

const events = {
  resident_woke: on(Woken, (society, { identity_id, cycle_id, resident_id }) => {
    const person = personOf(society, identity_id);
    if (person.awake?.resident_id !== resident_id) person.sessions += 1;
    if (cycle_id > person.last_cycle) person.days += 1;
    person.last_cycle = Math.max(person.last_cycle, cycle_id);
    person.awake = { cycle_id, resident_id };
  }),
  resident_slept: on(Slept, (society, { identity_id }) => {
    personOf(society, identity_id).awake = undefined;
  }),
  task_declined: on(Declined.extend({ identity_id: IdentityId }), (society, { identity_id }) => {
    personOf(society, identity_id).declined += 1;
  }),
  task_outcome: on(TaskOutcome, (society, { identity_id, verdict, topics }) => {
    const person = personOf(society, identity_id);
    const good = verdict === 'approved';
    if (good) person.tasks_completed += 1;
    else person.tasks_failed += 1;
    person.trust = Math.min(100, Math.max(0, person.trust + (good ? TRUST_FOR_GOOD : -TRUST_FOR_BAD)));
    if (good) for (const topic of topics) person.expertise.set(topic, (person.expertise.get(topic) ?? 0) + 1);
  }),
};

export const PEOPLE = subject({ name: 'people', empty: (): PeopleSlice => ({ people: new Map() }), acts, events });

const VOICES: Readonly<Record<string, string>> = { [asOwner.id]: 'the person', [asRuntime.id]: 'Vivarium' };

/** How somebody is called in texts; an id that nobody here has stays as it is. */
export function nameOf({ identities }: Pick<WorldOf<unknown>, 'identities'>, id: string): string {
  return identities.get(id)?.name ?? VOICES[id] ?? id;
}
