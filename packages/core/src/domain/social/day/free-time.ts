import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import type { BountySlice } from '../bounties/state.ts';
import { utcDay } from '../kit/calendar.ts';
import { IdentityId, Nothing, RUNTIME, subjectOn, unknownIdentity, type WorldOf } from '../kit/index.ts';
import { rankIdentities } from '../people/selection.ts';

type Sees = FreeTimeSlice & BountySlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

/** What residents' free time costs, in US dollars: spent and set aside. */
export interface FreeTime {
  readonly cost_by_day: Map<string, number>;
  /** Those that have begun and not ended, by their key. */
  readonly open: Map<string, { readonly day: string; readonly cap_usd: number }>;
  /** The cycle of each resident's latest one. */
  readonly last: Map<string, number>;
}

export interface FreeTimeSlice {
  readonly free_time: FreeTime;
}

const emptyFreeTime = (): FreeTimeSlice => ({ free_time: { cost_by_day: new Map(), open: new Map(), last: new Map() } });

const Usd = z.number().nonnegative().max(1_000);
const Which = { identity_id: IdentityId, cycle_id: z.int().nonnegative() };
const Begin = z.strictObject({ ...Which, cap_usd: Usd, limit_usd: Usd.describe('for all free time of one UTC day') });
const End = z.strictObject({ ...Which, cost_usd: Usd, steps: z.int().nonnegative() });
const Began = z.object({ ...Which, cap_usd: z.number(), day: z.string() });

/** Sums of cents in binary differ in their last digits. */
const EPSILON_USD = 1e-9;

const keyOf = ({ identity_id, cycle_id }: { identity_id: string; cycle_id: number }): string =>
  `free_time:${identity_id}:${cycle_id}`;

/**
 * Who may have free time in a cycle: who waited longest first, then those to whom the open bounties speak most. Without
 * tokens there is nothing to do with it.
 */
export function dueForFreeTime({ society, tokens, identities }: World, cycle_id: number): readonly string[] {
  const { last } = society.free_time;
  const before = (id: string) => last.get(id) ?? -1;
  const open = [...society.bounties.values()].filter(({ status }) => status === 'open');
  const offer = { bounty_titles: open.map(({ title }) => title), has_tasks: false, cycle_id };
  return rankIdentities(identities.values(), offer, `free time ${cycle_id}`)
    .map(({ id }) => id)
    .filter((id) => before(id) < cycle_id && (tokens.balances.get(walletAccount(id, 'free')) ?? 0) > 0)
    .sort((one, other) => before(one) - before(other));
}

/**
 * A resident's free time of one cycle. Its money is set aside before the call, so that several workers together stay
 * within the day's limit; what it did not need is given back. After a crash in between it stays set aside.
 */
const acts = {
  begin_free_time: action(RUNTIME, Begin, Nothing, (world, { limit_usd, ...args }, { now }) => {
    if (!world.identities.has(args.identity_id)) return unknownIdentity(args.identity_id);
    const key = keyOf(args);
    if (world.tokens.keys.has(key)) return refuse('already_had', 'Once in a cycle');
    const day = utcDay(now);
    const cost = world.society.free_time.cost_by_day.get(day) ?? 0;
    if (cost + args.cap_usd > limit_usd + EPSILON_USD)
      return refuse('free_time_budget', `Free time of ${day} has cost $${cost.toFixed(4)} of $${limit_usd}`);
    const data = { ...args, day };
    return { ok: true, event: { kind: 'free_time_began', memo: 'free time', data, subjects: ['free_time'], key }, answer: {} };
  }),
  end_free_time: action(RUNTIME, End, Nothing, (world, args) => {
    if (!world.society.free_time.open.has(keyOf(args))) return refuse('no_free_time', 'None of this resident and cycle is open');
    const event = { kind: 'free_time_ended', memo: `free time, ${args.steps} steps`, data: args, subjects: ['free_time'] };
    return { ok: true, event, answer: {} };
  }),
};

const events = {
  free_time_began: on(Began, ({ free_time }, { identity_id, cycle_id, cap_usd, day }) => {
    free_time.cost_by_day.set(day, (free_time.cost_by_day.get(day) ?? 0) + cap_usd);
    free_time.open.set(keyOf({ identity_id, cycle_id }), { day, cap_usd });
    free_time.last.set(identity_id, Math.max(cycle_id, free_time.last.get(identity_id) ?? 0));
  }),
  free_time_ended: on(End, ({ free_time }, { cost_usd, ...which }) => {
    const began = free_time.open.get(keyOf(which));
    if (!began) return;
    free_time.open.delete(keyOf(which));
    free_time.cost_by_day.set(began.day, (free_time.cost_by_day.get(began.day) ?? 0) - began.cap_usd + cost_usd);
  }),
};

export const FREE_TIME = subject({ name: 'free time', empty: emptyFreeTime, acts, events });
