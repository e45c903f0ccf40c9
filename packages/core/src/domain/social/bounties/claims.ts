import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { type GuildSlice, guildOf, memberSubject } from '../guilds/state.ts';
import { type Context, type Decision, Id, IdentityId, RESIDENT, stateless, subjectOn, type WorldOf } from '../kit/index.ts';
import { nameOf } from '../people/people.ts';
import { type BountySlice, bidFirst, bountySubject, isSealed, notFound, OfBounty } from './state.ts';

type Sees = BountySlice & GuildSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const One = z.strictObject({ bounty_id: Id });
const ClaimArgs = One.extend({ as_guild: z.union([z.boolean(), Id]).optional() });
const ClaimShape = z.object({ type: z.enum(['individual', 'guild']), id: Id, claimed_by_identity: IdentityId });
const Claimed = z.object({ bounty_id: Id, claim: ClaimShape.optional() });
const ClaimedBy = OfBounty.extend({ claimed_by: ClaimShape.extend({ name: z.string() }) });

function decideClaim(
  world: World,
  { bounty_id, as_guild }: { bounty_id: string; as_guild?: boolean | string | undefined },
  { actor }: Context,
): Decision<typeof ClaimedBy> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  if (bounty.status !== 'open') return refuse('bounty_not_open', `It is ${bounty.status}; submissions may still be taken`);
  if (isSealed(world.society, bounty)) return bidFirst(bounty);
  if (bounty.created_by === actor) return refuse('own_bounty', 'Others earn what you offer');
  const guild = as_guild ? guildOf(world.society, actor) : undefined;
  if (as_guild && (!guild || (typeof as_guild === 'string' && as_guild !== guild.id)))
    return refuse('not_a_member', 'Claim for the guild you are in');
  const claim = { type: guild ? 'guild' : 'individual', id: guild?.id ?? actor, claimed_by_identity: actor } as const;
  const subjects = [bountySubject(bounty_id), memberSubject(actor)];
  const event = { kind: 'bounty_claimed', memo: `claims bounty ${bounty_id}`, data: { bounty_id, claim }, subjects };
  return { ok: true, event, answer: { bounty_id, claimed_by: { ...claim, name: guild?.name ?? nameOf(world, actor) } } };
}

function decideUnclaim(world: World, bounty_id: string, { actor }: Context): Decision<typeof OfBounty> {
  const bounty = world.society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  const claim = bounty.claimed_by;
  const mine = claim?.type === 'guild' ? guildOf(world.society, actor)?.id === claim.id : claim?.id === actor;
  if (bounty.status !== 'claimed' || !mine) return refuse('not_claimed_by_you', 'Only who claimed it can give it back');
  if (bounty.submissions.length > 0) return refuse('has_submissions', 'Work was handed in; the person decides now');
  const event = {
    kind: 'bounty_claimed',
    memo: `gives bounty ${bounty_id} back`,
    data: { bounty_id },
    subjects: [bountySubject(bounty_id)],
  };
  return { ok: true, event, answer: { bounty_id } };
}

const acts = {
  claim_bounty: action(RESIDENT, ClaimArgs, ClaimedBy, decideClaim),
  unclaim_bounty: action(RESIDENT, One, OfBounty, (world, { bounty_id }, context) => decideUnclaim(world, bounty_id, context)),
};

const events = {
  bounty_claimed: on(Claimed, ({ bounties }, { bounty_id, claim }, { timestamp }) => {
    const bounty = bounties.get(bounty_id);
    if (!bounty) return;
    Object.assign(bounty, { status: claim ? 'claimed' : 'open', claimed_by: claim, claimed_at: claim && timestamp });
    if (claim) bounty.costs.started_at ??= timestamp;
  }),
};

export const CLAIMS = subject({ name: 'claims', empty: stateless, acts, events });
