import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { hash64, idFrom } from '../../economy/hash.ts';
import { type GuildSlice, guildOf, memberSubject } from '../guilds/state.ts';
import {
  ANYONE,
  type Context,
  type Decision,
  Id,
  IdentityId,
  KEEPERS,
  stateless,
  subjectOn,
  Text,
  unknownIdentity,
  type WorldOf,
} from '../kit/index.ts';
import { nameOf, type PeopleSlice, relate } from '../people/people.ts';
import { rewardCap, slotMultiplier } from './slots.ts';
import { type Bounty, type BountySlice, bidFirst, bountySubject, isSealed, notFound, Submission } from './state.ts';

type Sees = BountySlice & GuildSlice & PeopleSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const Submit = z.strictObject({
  bounty_id: Id,
  description: Text(4_000, 0).default(''),
  artifacts: z.array(Text(400)).max(50).default([]),
  members: z.array(IdentityId).max(20).default([]),
  as_guild: z.boolean().default(false),
  notes: Text(2_000, 0).default(''),
  /** For the person, who hands in for a resident. */
  identity_id: IdentityId.optional(),
});
const Review = z.strictObject({
  bounty_id: Id,
  submission_id: Id,
  verdict: z.enum(['accepted', 'rejected']),
  evidence: Text(2_000, 3, 'say what it rests on'),
});

const OfSubmission = z.object({ bounty_id: Id, submission_id: Id });
const Placed = OfSubmission.extend({ slot_multiplier: z.number(), slot_reason: z.string(), reward_cap: z.int() });

function decideSubmit(world: World, args: z.infer<typeof Submit>, { actor, kind, key }: Context): Decision<typeof Placed> {
  const identity_id = kind === 'resident' ? actor : args.identity_id;
  if (identity_id === undefined) return refuse('missing_identity', 'Say which resident hands this in');
  if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
  const bounty = world.society.bounties.get(args.bounty_id);
  if (!bounty) return notFound(args.bounty_id);
  if (bounty.status !== 'open' && bounty.status !== 'claimed') return refuse('bounty_closed', `It is ${bounty.status}`);
  if (isSealed(world.society, bounty)) return bidFirst(bounty);
  const winner = bounty.claimed_by && world.society.auctions.get(bounty.id)?.winner;
  if (winner !== undefined && bounty.claimed_by?.id === winner && winner !== identity_id)
    return refuse('not_the_winner', `${nameOf(world, winner)} won it with the lowest bid`);
  if (bounty.created_by === identity_id) return refuse('own_bounty', 'Others earn what you offer');
  const stranger = args.members.find((id) => !world.identities.has(id));
  if (stranger !== undefined) return unknownIdentity(stranger);
  const guild = args.as_guild || claimedForGuild(bounty, world, identity_id) ? guildOf(world.society, identity_id) : undefined;
  if (args.as_guild && !guild) return refuse('not_a_member', 'You are in no guild');
  const team = args.members.length > 0 ? args.members : (guild?.members ?? []);
  const outsider = guild && team.find((id) => !guild.members.includes(id));
  if (outsider !== undefined) return refuse('not_a_member', `${outsider} is not in ${guild?.name}`);
  const members = [...new Set([identity_id, ...team])];
  const fingerprint = fingerprintOf(identity_id, args.description, members, args.artifacts);
  if (bounty.submissions.some((one) => one.fingerprint === fingerprint))
    return refuse('duplicate_submission', 'This was handed in already');
  const place = placeOf(bounty, identity_id, args.description, args.artifacts);
  const id = idFrom('sub', key);
  const head = { id, bounty_id: bounty.id, identity_id, identity_name: nameOf(world, identity_id), members };
  const body = {
    guild_id: guild?.id ?? null,
    guild_name: guild?.name ?? null,
    description: args.description,
    artifacts: args.artifacts,
  };
  const data = { ...head, ...body, notes: args.notes, ...place, fingerprint };
  const subjects = [bountySubject(bounty.id), ...(guild ? [`guild:${guild.id}`] : []), memberSubject(identity_id)];
  const event = { kind: 'bounty_submitted', memo: `work for bounty ${bounty.id}`, data, subjects };
  const { slot_multiplier, slot_reason, reward_cap } = place;
  return { ok: true, event, answer: { bounty_id: bounty.id, submission_id: id, slot_multiplier, slot_reason, reward_cap } };
}

function claimedForGuild(bounty: Bounty, world: World, identity_id: string): boolean {
  return bounty.claimed_by?.type === 'guild' && guildOf(world.society, identity_id)?.id === bounty.claimed_by.id;
}

/** Which place a submission takes, or why it takes none and earns nothing. */
function placeOf(bounty: Bounty, identity_id: string, description: string, artifacts: readonly string[]) {
  const { slot_policy: policy, slots, reward, submissions } = bounty;
  const reasons: string[] = [];
  const mine = submissions.filter((one) => one.identity_id === identity_id && one.slot_multiplier > 0).length;
  if (mine >= policy.max_rewarded_submissions_per_identity) reasons.push('repeat_submission');
  const thin = description.trim().length < policy.min_description_chars;
  if (thin && !(policy.allow_artifact_override && artifacts.length > 0)) reasons.push('insufficient_contribution');
  const index = submissions.filter((one) => one.slot_multiplier > 0).length + 1;
  if (reasons.length > 0) return { slot_index: 0, slots, slot_multiplier: 0, slot_reason: reasons.join(','), reward_cap: 0 };
  const slot_multiplier = slotMultiplier(policy, slots, index);
  const slot_reason = index <= slots ? 'in_slot' : 'overflow';
  return { slot_index: index, slots, slot_multiplier, slot_reason, reward_cap: rewardCap(reward, slot_multiplier) };
}

function fingerprintOf(
  identity_id: string,
  description: string,
  members: readonly string[],
  artifacts: readonly string[],
): string {
  const parts = [identity_id, description.toLowerCase().replace(/\s+/g, ' ').trim(), [...members].sort(), [...artifacts].sort()];
  return hash64(JSON.stringify(parts))
    .map((half) => half.toString(16).padStart(8, '0'))
    .join('');
}

const acts = {
  submit_bounty: action(ANYONE, Submit, Placed, decideSubmit),
  review_submission: action(KEEPERS, Review, OfSubmission, (world, args, { actor }) => {
    const bounty = world.society.bounties.get(args.bounty_id);
    const submission = bounty?.submissions.find(({ id }) => id === args.submission_id);
    if (!bounty || !submission)
      return refuse('submission_not_found', `Bounty ${args.bounty_id} has no submission ${args.submission_id}`);
    if (bounty.status === 'completed' || bounty.status === 'cancelled') return refuse('bounty_closed', `It is ${bounty.status}`);
    const data = { ...args, reviewed_by: actor };
    const event = {
      kind: 'submission_reviewed',
      memo: `${args.verdict}: ${args.evidence}`,
      data,
      subjects: [bountySubject(bounty.id)],
    };
    return { ok: true, event, answer: { bounty_id: bounty.id, submission_id: args.submission_id } };
  }),
};

const events = {
  bounty_submitted: on(Submission, (society, data, { timestamp }) => {
    const bounty = society.bounties.get(data.bounty_id);
    if (!bounty) return;
    bounty.submissions.push({ ...data, submitted_at: timestamp });
    for (const member of data.members) relate(society, data.identity_id, member);
    if (bounty.status !== 'open') return;
    bounty.status = 'claimed';
    bounty.claimed_at = timestamp;
    bounty.costs.started_at ??= timestamp;
    const by_guild = data.guild_id !== null;
    bounty.claimed_by = {
      type: by_guild ? 'guild' : 'individual',
      id: data.guild_id ?? data.identity_id,
      claimed_by_identity: data.identity_id,
    };
  }),
  submission_reviewed: on(Review.extend({ reviewed_by: Id }), ({ bounties }, data, { timestamp }) => {
    const submission = bounties.get(data.bounty_id)?.submissions.find(({ id }) => id === data.submission_id);
    const { verdict, evidence, reviewed_by } = data;
    if (submission) submission.review = { verdict, evidence, reviewed_by, at: timestamp };
  }),
};

export const SUBMISSIONS = subject({ name: 'submissions', empty: stateless, acts, events });
