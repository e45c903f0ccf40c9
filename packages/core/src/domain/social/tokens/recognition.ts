import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { MILESTONE_KIND } from '../../economy/fold.ts';
import { Postings } from '../../economy/postings.ts';
import { freeCapOf } from '../../economy/views.ts';
import type { CraftSlice } from '../crafts/crafts.ts';
import { Id, IdentityId, KEEPERS, subjectOn, Text, unknownIdentity, type WorldOf } from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { type PeopleSlice, personOf, TaskOutcome } from '../people/people.ts';
import { type CollectiveSlice, emptyCollective, milestoneReached, noteOutcome } from './collective.ts';
import type { GiftSlice } from './gifts.ts';

type Sees = CollectiveSlice & PeopleSlice & GiftSlice & CraftSlice;
type World = WorldOf<Sees>;
const MILESTONE_MINT = 'mint:milestone';
const MINT = 'mint:recognition';
const { action, on, subject } = subjectOn<Sees>({
  mints: { [MILESTONE_KIND]: MILESTONE_MINT, personal_best: MINT, recognition: MINT },
});

export const RECOGNITIONS = ['efficiency_star', 'quality_champion', 'collaborator', 'test_hero', 'tool_builder'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** The best few of a category, never the worst. Equal ones in the order of their ids. */
export function podium(society: Sees, category: Recognition): readonly { identity_id: string; value: number }[] {
  return rowsOf(society, category)
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.identity_id < b.identity_id ? -1 : 1))
    .slice(0, NUMBERS.recognition_top);
}

function rowsOf({ collective, gifts, testers, crafts }: Sees, category: Recognition) {
  if (category === 'test_hero')
    return [...testers].map(([identity_id, { tests, bugs }]) => ({ identity_id, value: 10 * bugs + tests }));
  if (category === 'tool_builder') {
    const built = new Map<string, number>();
    for (const { makers, uses } of crafts.values()) for (const id of makers) built.set(id, (built.get(id) ?? 0) + 2 * uses + 1);
    return [...built].map(([identity_id, value]) => ({ identity_id, value }));
  }
  if (category === 'collaborator')
    return [...gifts.thanks].map(([identity_id, { total_received }]) => ({ identity_id, value: total_received }));
  return [...collective.quality_by].map(([identity_id, { tasks, total }]) => ({
    identity_id,
    value: category === 'efficiency_star' ? tasks : total / tasks,
  }));
}

const Best = z.strictObject({ identity_id: IdentityId, metric: Text(64), value: z.number() });
const Month = z.strictObject({ category: z.enum(RECOGNITIONS), period: z.string().regex(/^\d{4}-\d{2}$/) });
const Winners = z.object({ winners: z.array(z.object({ identity_id: IdentityId, rank: z.int(), amount: z.int() })) });
const Awarded = Month.extend(Winners.shape);
const Celebrated = z.object({ name: z.string(), participants: z.array(IdentityId) });

function decideMilestone(world: World, participants: readonly string[]) {
  const reached = milestoneReached(world.society.collective, (name) => world.tokens.keys.has(`milestone:${name}`));
  if (!reached) return refuse('no_milestone', 'No new milestone is reached');
  const { name, tokens, cap, day_off } = reached;
  const raised = new Map(participants.map((id) => [id, freeCapOf(world.tokens, id) + cap]));
  const booking = new Postings({ balances: world.tokens.balances, caps: new Map([...world.tokens.caps, ...raised]) });
  for (const id of participants) booking.credit(MILESTONE_MINT, id, tokens);
  const free_time_caps = cap > 0 ? Object.fromEntries(raised) : {};
  const data = { name, participants, day_off, free_time_caps };
  const event = { kind: MILESTONE_KIND, memo: `milestone ${name}`, data, subjects: [], booking, key: `milestone:${name}` };
  return { ok: true, event, answer: { name, participants } } as const;
}

const acts = {
  check_milestone: action(KEEPERS, z.strictObject({}), Celebrated, (world) =>
    decideMilestone(
      world,
      [...world.society.collective.quality_by.keys()].filter((id) => world.identities.has(id)),
    ),
  ),
  award_recognition: action(KEEPERS, Month, Winners, (world, { category, period }) => {
    const key = `recognition:${category}:${period}`;
    if (world.tokens.keys.has(key)) return refuse('already_awarded', 'Once a month');
    const booking = new Postings(world.tokens);
    const winners = podium(world.society, category).map(({ identity_id }, at) => {
      const amount = at === 0 ? NUMBERS.recognition_first : NUMBERS.recognition_runner_up;
      booking.credit(MINT, identity_id, amount);
      return { identity_id, rank: at + 1, amount };
    });
    if (winners.length === 0) return refuse('nobody_to_recognise', 'Nothing was done in this category');
    const event = {
      kind: 'recognition',
      memo: `${category} ${period}`,
      data: { category, period, winners },
      subjects: [],
      booking,
      key,
    };
    return { ok: true, event, answer: { winners } };
  }),
  record_personal_best: action(KEEPERS, Best, z.object({ amount: z.int() }), (world, { identity_id, metric, value }) => {
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const best = world.society.collective.bests.get(`${identity_id}:${metric}`);
    if (best !== undefined && value <= best) return refuse('no_personal_best', `The best so far is ${best}`);
    const booking = new Postings(world.tokens);
    const amount = best === undefined ? 0 : booking.credit(MINT, identity_id, NUMBERS.personal_best);
    const subjects = [`best:${identity_id}:${metric}`];
    const event = { kind: 'personal_best', memo: metric, data: { identity_id, metric, value }, subjects, booking };
    return { ok: true, event, answer: { amount } };
  }),
};

const events = {
  task_outcome: on(TaskOutcome, ({ collective }, outcome, { timestamp }) => noteOutcome(collective, outcome, timestamp)),
  recognition: on(Awarded, (society, { category, period, winners }, { timestamp }) => {
    for (const { identity_id, rank } of winners)
      personOf(society, identity_id).badges.push({ category, rank, period, awarded_at: timestamp });
  }),
  personal_best: on(
    Best,
    ({ collective }, { identity_id, metric, value }) => void collective.bests.set(`${identity_id}:${metric}`, value),
  ),
  [MILESTONE_KIND]: on(
    z.object({ name: Id, participants: z.array(IdentityId), day_off: z.boolean() }),
    ({ collective }, data, { timestamp }) => {
      collective.milestones.set(data.name, { achieved_at: timestamp, participants_rewarded: data.participants });
      if (data.day_off) for (const id of data.participants) collective.days_off.set(id, (collective.days_off.get(id) ?? 0) + 1);
    },
  ),
};

export const RECOGNITION = subject({ name: 'recognition', empty: emptyCollective, acts, events });
