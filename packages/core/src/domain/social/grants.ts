import { z } from 'zod';
import { refuse } from '../../contract/refusals.ts';
import { MILESTONE_KIND } from '../economy/fold.ts';
import { Postings } from '../economy/postings.ts';
import { rewardKey, rewardOf } from '../economy/reward.ts';
import { MAX_REWARD_TOKENS } from '../economy/rules.ts';
import { freeCapOf } from '../economy/views.ts';
import { isoWeek, isSunday } from './calendar.ts';
import {
  Amount,
  action,
  type Evolve,
  Id,
  IdentityId,
  KEEPERS,
  on,
  Text,
  tokensUpTo,
  unknownIdentity,
  type World,
} from './kit.ts';
import { NUMBERS } from './numbers.ts';
import { OfIdentity, personOf, readPerson } from './people.ts';
import { milestoneReached, podium, RECOGNITIONS } from './recognition.ts';

const Who = z.strictObject({ identity_id: IdentityId });
const Reward = z.strictObject({
  task_id: Id,
  identity_id: IdentityId,
  tokens: Amount.max(MAX_REWARD_TOKENS),
  budget_used: z.number().nonnegative(),
  max_budget: z.number().nonnegative(),
  review_confidence: z.number().min(0).max(1),
});
const Tip = z.strictObject({ identity_id: IdentityId, amount: tokensUpTo(5_000), reason: Text(600, 3, 'say what for') });
const Best = z.strictObject({ identity_id: IdentityId, metric: Text(64), value: z.number() });
const Month = z.strictObject({ category: z.enum(RECOGNITIONS), period: z.string().regex(/^\d{4}-\d{2}$/) });
const Winners = z.object({ winners: z.array(z.object({ identity_id: IdentityId, rank: z.int(), amount: z.int() })) });
const Awarded = Month.extend(Winners.shape);
const Received = OfIdentity.extend({ amount: z.int() });
const Celebrated = z.object({ name: z.string(), participants: z.array(IdentityId) });

/** Sunday's grant, once per identity and ISO week; what exceeds the cap goes to the commons. */
const sunday = action(KEEPERS, Who, Received, (world, { identity_id }, { now }) => {
  if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
  if (!isSunday(now)) return refuse('not_sunday', 'The grant is given on Sundays (UTC)');
  const until = readPerson(world.society, identity_id).suspended.get('sunday_bonus');
  if (until !== undefined && Date.parse(until) > Date.parse(now))
    return refuse('sunday_bonus_suspended', `Suspended until ${until}`);
  const key = `sunday:${identity_id}:${isoWeek(now)}`;
  if (world.tokens.keys.has(key)) return refuse('already_received', 'Once a week');
  const booking = new Postings(world.tokens);
  const amount = booking.credit('mint:sunday', identity_id, NUMBERS.sunday_grant);
  const event = { kind: 'sunday_grant', memo: 'sunday', data: { identity_id, amount }, subjects: [], booking, key };
  return { ok: true, event, answer: { identity_id, amount } };
});

/** The under-budget reward of an approval, once per task and identity; what exceeds a cap goes to the commons. */
const reward = action(['runtime'], Reward, z.object({ tokens_awarded: z.int() }), ({ tokens }, request, { now }) => {
  if (tokens.keys.has(rewardKey(request.task_id, request.identity_id)))
    return refuse('already_rewarded', 'Once per task and identity');
  const event = { ...rewardOf({ ...request, granted_at: now }, tokens), subjects: [] };
  return { ok: true, event, answer: { tokens_awarded: event.data.tokens_awarded } };
});

const tip = action(KEEPERS, Tip, Received, (world, { identity_id, amount, reason }) => {
  if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
  const booking = new Postings(world.tokens);
  const received = booking.credit('mint:tip', identity_id, amount, 'split');
  const event = { kind: 'tip', memo: reason, data: { identity_id, amount: received }, subjects: [], booking };
  return { ok: true, event, answer: { identity_id, amount: received } };
});

function decideMilestone(world: World, participants: readonly string[]) {
  const reached = milestoneReached(world.society.collective, (name) => world.tokens.keys.has(`milestone:${name}`));
  if (!reached) return refuse('no_milestone', 'No new milestone is reached');
  const { name, tokens, cap, day_off } = reached;
  const raised = new Map(participants.map((id) => [id, freeCapOf(world.tokens, id) + cap]));
  const booking = new Postings({ balances: world.tokens.balances, caps: new Map([...world.tokens.caps, ...raised]) });
  for (const id of participants) booking.credit('mint:milestone', id, tokens);
  const free_time_caps = cap > 0 ? Object.fromEntries(raised) : {};
  const data = { name, participants, day_off, free_time_caps };
  const event = { kind: MILESTONE_KIND, memo: `milestone ${name}`, data, subjects: [], booking, key: `milestone:${name}` };
  return { ok: true, event, answer: { name, participants } } as const;
}

export const grantActions = {
  grant_sunday: sunday,
  reward_task: reward,
  tip,
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
      booking.credit('mint:recognition', identity_id, amount);
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
    const amount = best === undefined ? 0 : booking.credit('mint:recognition', identity_id, NUMBERS.personal_best);
    const subjects = [`best:${identity_id}:${metric}`];
    const event = { kind: 'personal_best', memo: metric, data: { identity_id, metric, value }, subjects, booking };
    return { ok: true, event, answer: { amount } };
  }),
};

export const grantEvents: Readonly<Record<string, Evolve>> = {
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
