import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { UNDER_BUDGET_MINT } from '../../economy/accounts.ts';
import { REWARD_KIND } from '../../economy/fold.ts';
import { Postings } from '../../economy/postings.ts';
import { rewardKey, rewardOf } from '../../economy/reward.ts';
import { MAX_REWARD_TOKENS } from '../../economy/rules.ts';
import { isoWeek, isSunday } from '../kit/calendar.ts';
import {
  Amount,
  Id,
  IdentityId,
  KEEPERS,
  RUNTIME,
  stateless,
  subjectOn,
  Text,
  tokensUpTo,
  unknownIdentity,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { OfIdentity, type PeopleSlice, readPerson } from '../people/people.ts';

const { action, subject } = subjectOn<PeopleSlice>({
  mints: { sunday_grant: 'mint:sunday', tip: 'mint:tip', [REWARD_KIND]: UNDER_BUDGET_MINT },
});

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
const Received = OfIdentity.extend({ amount: z.int() });

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
const reward = action(RUNTIME, Reward, z.object({ tokens_awarded: z.int() }), ({ tokens }, request, { now }) => {
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

const acts = {
  grant_sunday: sunday,
  reward_task: reward,
  tip,
};

export const GRANTS = subject({ name: 'grants', empty: stateless, acts, events: {} });
