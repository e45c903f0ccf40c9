import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { Postings } from '../../economy/postings.ts';
import { type GuildSlice, guildOf, treasuryOf } from '../guilds/state.ts';
import { daysLater, isoWeek } from '../kit/calendar.ts';
import { Id, IdentityId, KEEPERS, subjectOn, type WorldOf } from '../kit/index.ts';
import { TaskOutcome } from '../people/people.ts';
import { emptyThrift, noteSpending, noteVerdict, type ThriftSlice } from './task-fees.ts';
import { returnsOf, weeklyBonus } from './thrift-rules.ts';

type Sees = ThriftSlice & GuildSlice;
type World = WorldOf<Sees>;
const MINT = 'mint:thrift';
const { action, on, subject } = subjectOn<Sees>({ mints: { thrift_returned: MINT, thrift_shared: MINT } });

/** Ids of the residents' own pools begin with `pool_`. */
const EFFICIENCY_POOL = 'pool:efficiency';
const MAX_SAMPLES = 500;

const OfTask = z.strictObject({ task_id: Id });
const Returned = z.object({ task_id: Id, identity_id: IdentityId, spent: z.int() });
const Split = z.object({ identity_id: IdentityId, individual: z.int(), guild: z.int(), pooled: z.int() });
const Bonus = z.object({ week: z.string(), participants: z.array(IdentityId), share: z.int(), bonus: z.int() });
const sharedKey = (week: string): string => `thrift_shared:${week}`;

function settleable({ society, identities }: World, task_id: string) {
  const { by, approved } = society.thrift.open.get(task_id) ?? {};
  if (!by || !approved || !identities.has(approved.identity_id)) return undefined;
  return { ...approved, spent: [...by.values()].reduce((sum, one) => sum + one, 0), collaborators: by.size };
}

/** What the pool holds for each who took part in the week that has ended, and the bonus for it: in all no more than was saved. */
function weekly({ society, tokens, identities }: World, now: string) {
  const of = (days_ago: number) => {
    const week = isoWeek(daysLater(now, -days_ago));
    return society.thrift.samples.filter((sample) => sample.week === week);
  };
  const [ended, before] = [of(7), of(14)];
  const participants = [...new Set(ended.map(({ identity_id }) => identity_id))].filter((id) => identities.has(id));
  const each = (tokens_for_all: number) => Math.floor(tokens_for_all / Math.max(1, participants.length));
  const { bonus, saved } = weeklyBonus(ended.map(spentIn), before.map(spentIn));
  return { participants, share: each(tokens.balances.get(EFFICIENCY_POOL) ?? 0), bonus: Math.min(bonus, each(saved)) };
}

const spentIn = ({ spent }: { readonly spent: number }): number => spent;

/** What is due: the returns of approved tasks, and once a week the pool. */
export function thriftDue(world: World, now: string) {
  const returns = [...world.society.thrift.open.keys()].filter((task_id) => settleable(world, task_id));
  const { participants, share, bonus } = weekly(world, now);
  const pays = participants.length > 0 && share + bonus > 0 && !world.tokens.keys.has(sharedKey(isoWeek(now)));
  return [
    ...returns.map((task_id) => ({ action: 'return_thrift' as const, args: { task_id } })),
    ...(pays ? [{ action: 'share_thrift' as const, args: {} }] : []),
  ];
}

const acts = {
  return_thrift: action(KEEPERS, OfTask, Split, (world, { task_id }) => {
    const task = settleable(world, task_id);
    if (!task) return refuse('nothing_due', 'Fees of a task come back once, when it is approved');
    const guild = guildOf(world.society, task.identity_id);
    const { identity_id, spent } = task;
    const { individual, guild: shared, pooled } = returnsOf({ ...task, in_guild: guild !== undefined });
    const booking = new Postings(world.tokens);
    if (individual > 0) booking.credit(MINT, identity_id, individual);
    if (guild && shared > 0) booking.move(MINT, treasuryOf(guild.id), shared);
    if (pooled > 0) booking.move(MINT, EFFICIENCY_POOL, pooled);
    const data = { task_id, identity_id, spent };
    const event = { kind: 'thrift_returned', memo: `fees of ${task_id}`, data, subjects: [], booking, key: `thrift:${task_id}` };
    return { ok: true, event, answer: { identity_id, individual, guild: shared, pooled } };
  }),
  share_thrift: action(KEEPERS, z.strictObject({}), Bonus, (world, _args, { now }) => {
    const week = isoWeek(now);
    if (world.tokens.keys.has(sharedKey(week))) return refuse('already_shared', 'Once a week');
    const { participants, share, bonus } = weekly(world, now);
    if (participants.length === 0 || share + bonus === 0) return refuse('nothing_due', 'The pool holds nothing to share');
    const booking = new Postings(world.tokens);
    for (const id of participants) {
      if (share > 0) booking.credit(EFFICIENCY_POOL, id, share);
      if (bonus > 0) booking.credit(MINT, id, bonus);
    }
    const data = { week, participants, share, bonus };
    const key = sharedKey(week);
    const event = { kind: 'thrift_shared', memo: `efficiency of ${week}`, data, subjects: [], booking, key };
    return { ok: true, event, answer: data };
  }),
};

const events = {
  task_outcome: on(TaskOutcome, ({ thrift }, { task_id, identity_id, verdict, quality = 0 }) => {
    noteVerdict(thrift, task_id, verdict === 'approved' ? { identity_id, quality } : undefined);
  }),
  thrift_returned: on(Returned, ({ thrift: { open, samples } }, { task_id, identity_id, spent }, { timestamp }) => {
    open.delete(task_id);
    samples.push({ week: isoWeek(timestamp), identity_id, spent });
    if (samples.length > MAX_SAMPLES) samples.shift();
  }),
};

export const THRIFT = subject({
  name: 'thrift',
  empty: emptyThrift,
  acts,
  events,
  every: ({ thrift }, record) => noteSpending(thrift, record),
});
