import { z } from 'zod';
import { Postings } from '../economy/postings.ts';
import { daysLater, isoWeek, utcDay } from './calendar.ts';
import { guildOf, treasuryOf } from './guilds.ts';
import { type Action, action, type Evolve, Id, IdentityId, KEEPERS, on, refuse, type World } from './kit.ts';
import { returnsOf, weeklyBonus } from './thrift-rules.ts';

const MINT = 'mint:thrift';
/** Ids of the residents' own pools begin with `pool_`. */
const EFFICIENCY_POOL = 'pool:efficiency';
const MAX_SAMPLES = 500;

const OfTask = z.strictObject({ task_id: Id });
const Returned = z.object({ task_id: Id, identity_id: IdentityId, spent: z.int() });
const sharedKey = (week: string): string => `thrift_shared:${week}`;

/** Acts that wait for a verdict are paid after it, so a task is settled on a later day than its approval. */
function settleable({ society, identities }: World, task_id: string, now: string) {
  const { by, approved } = society.thrift.open.get(task_id) ?? {};
  if (!by || !approved || approved.day >= utcDay(now) || !identities.has(approved.identity_id)) return undefined;
  return { ...approved, spent: [...by.values()].reduce((sum, one) => sum + one, 0), collaborators: by.size };
}

/** What the pool holds for each who took part, and the bonus of the week that has ended. */
function weekly({ society, tokens, identities }: World, now: string) {
  const { samples, participants: all } = society.thrift;
  const participants = [...all.keys()].filter((id) => identities.has(id));
  const [ended, before] = [isoWeek(daysLater(now, -7)), isoWeek(daysLater(now, -14))];
  const of = (week: string) => samples.filter((sample) => sample.week === week).map(({ spent }) => spent);
  const share = Math.floor((tokens.balances.get(EFFICIENCY_POOL) ?? 0) / Math.max(1, participants.length));
  return { participants, share, bonus: weeklyBonus(of(ended), of(before), samples.length) };
}

/** What is due: the returns of tasks that were approved on an earlier day, and once a week the pool. */
export function thriftDue(world: World, now: string) {
  const returns = [...world.society.thrift.open.keys()].filter((task_id) => settleable(world, task_id, now));
  const { participants, share, bonus } = weekly(world, now);
  const pays = participants.length > 0 && share + bonus > 0 && !world.tokens.keys.has(sharedKey(isoWeek(now)));
  return [
    ...returns.map((task_id) => ({ action: 'return_thrift', args: { task_id } })),
    ...(pays ? [{ action: 'share_thrift', args: {} }] : []),
  ];
}

export const thriftActions: Readonly<Record<string, Action>> = {
  return_thrift: action(KEEPERS, OfTask, (world, { task_id }, { now }) => {
    const task = settleable(world, task_id, now);
    if (!task) return refuse('nothing_due', 'Fees of a task come back on a day after its approval, and once');
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
  share_thrift: action(KEEPERS, z.strictObject({}), (world, _args, { now }) => {
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

export const thriftEvents: Readonly<Record<string, Evolve>> = {
  thrift_returned: on(Returned, ({ thrift }, { task_id, identity_id, spent }, { timestamp }) => {
    const { open, samples, participants } = thrift;
    const day = open.get(task_id)?.approved?.day ?? utcDay(timestamp);
    open.delete(task_id);
    samples.push({ week: isoWeek(`${day}T00:00:00Z`), spent });
    if (samples.length > MAX_SAMPLES) samples.shift();
    const { tasks, tokens } = participants.get(identity_id) ?? { tasks: 0, tokens: 0 };
    participants.set(identity_id, { tasks: tasks + 1, tokens: tokens + spent });
  }),
};
