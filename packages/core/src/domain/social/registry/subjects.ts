import type { z } from 'zod';
import type { TokenRecord } from '../../economy/record.ts';
import { BIDS } from '../bounties/bids.ts';
import { BOUNTIES } from '../bounties/bounties.ts';
import { CLAIMS } from '../bounties/claims.ts';
import { PAYOUTS } from '../bounties/payout.ts';
import { SUBMISSIONS } from '../bounties/submissions.ts';
import { CRAFTS } from '../crafts/crafts.ts';
import { FREE_TIME } from '../day/free-time.ts';
import { GUILDS } from '../guilds/guilds.ts';
import { TREASURIES } from '../guilds/treasury.ts';
import { DISPUTES } from '../judging/disputes.ts';
import { JOURNALS } from '../judging/journals.ts';
import { VALIDATORS } from '../judging/validators.ts';
import type { Action as ActionOn, Evolve, Given, Subject, WorldOf } from '../kit/index.ts';
import { CREATION } from '../people/creation.ts';
import { HATS } from '../people/hats.ts';
import { MEMORIES } from '../people/memories.ts';
import { PEOPLE } from '../people/people.ts';
import { SELF_EDITS } from '../people/self-edit.ts';
import { INVITES } from '../talk/invites.ts';
import { MAIL } from '../talk/mail.ts';
import { ROOMS } from '../talk/rooms.ts';
import { WORKS } from '../talk/works.ts';
import { GIFTS } from '../tokens/gifts.ts';
import { GRANTS } from '../tokens/grants.ts';
import { POOLS } from '../tokens/pools.ts';
import { QUESTS } from '../tokens/quests.ts';
import { RECOGNITION } from '../tokens/recognition.ts';
import { THRIFT } from '../tokens/thrift.ts';
import { type Together, together } from './together.ts';

/**
 * Every subject of the society. One more is a folder that says what it owns, what may be done about it and what follows
 * from that (`subjectOn` in `kit/subject.ts`), and a line here: state, acts and events of the society are the sum of these.
 */
const SUBJECTS = [
  PEOPLE,
  CREATION,
  SELF_EDITS,
  MEMORIES,
  HATS,
  ROOMS,
  MAIL,
  INVITES,
  WORKS,
  JOURNALS,
  VALIDATORS,
  DISPUTES,
  GUILDS,
  TREASURIES,
  BOUNTIES,
  CLAIMS,
  SUBMISSIONS,
  PAYOUTS,
  BIDS,
  GIFTS,
  POOLS,
  GRANTS,
  RECOGNITION,
  QUESTS,
  THRIFT,
  CRAFTS,
  FREE_TIME,
] as const;

type Each = (typeof SUBJECTS)[number];

/** Everything about residents that follows from the ledger, one slice a concern. Mutable: one owner folds into it. */
export type Society = Together<ReturnType<Each['empty']>>;
export type World = WorldOf<Society>;
export type Action = ActionOn<Society>;

/** Every act of the society, by name: who may do it, what it takes, what it comes to. */
export const ACTS = together<Each['acts']>(SUBJECTS.map(({ name, acts }) => [name, acts]));

export type ActName = keyof typeof ACTS;
/** What an act takes, before defaults are filled in. */
export type ActArgs<N extends ActName> = Given<z.input<(typeof ACTS)[N]['schema']>>;
/** What an act answers when it was done. */
export type ActOutput<N extends ActName> = Given<z.output<(typeof ACTS)[N]['answer']>>;

/** The same by any name that somebody may ask for. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.entries(ACTS));

export const emptySociety = (): Society =>
  together<ReturnType<Each['empty']>>(SUBJECTS.map(({ name, empty }) => [name, empty()]));

const ALL: readonly Subject<Society>[] = SUBJECTS;
const EVERY = ALL.flatMap(({ every = [] }) => every);
const NOBODY: readonly Evolve<Society>[] = [];
const EVENTS = new Map<string, readonly Evolve<Society>[]>();
for (const [kind, change] of ALL.flatMap(({ events }) => Object.entries(events)))
  EVENTS.set(kind, [...(EVENTS.get(kind) ?? NOBODY), change]);

/** Tell every subject of a record that counts. */
export function evolve(society: Society, record: TokenRecord): void {
  for (const change of EVERY) change(society, record);
  for (const change of EVENTS.get(record.kind) ?? NOBODY) change(society, record);
}
