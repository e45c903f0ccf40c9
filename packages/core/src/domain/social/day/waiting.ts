import { walletAccount } from '../../economy/accounts.ts';
import { type Bounty, type BountySlice, isSealed } from '../bounties/state.ts';
import { type GuildSlice, guildOf } from '../guilds/state.ts';
import type { TreasurySlice } from '../guilds/treasury.ts';
import type { DisputeSlice } from '../judging/disputes.ts';
import { attemptCost } from '../judging/journal-rules.ts';
import { isAsked, type JournalSlice } from '../judging/journals.ts';
import type { WorldOf } from '../kit/index.ts';
import { MEDIATOR_HAT } from '../people/hats.ts';
import type { InviteSlice } from '../talk/invites.ts';
import type { MailSlice } from '../talk/mail.ts';

type Sees = DisputeSlice & JournalSlice & GuildSlice & TreasurySlice & BountySlice & InviteSlice & MailSlice;
type World = WorldOf<Sees>;

/** One thing that waits for a resident's word, and the acts that answer it. */
export interface ToDecide {
  readonly line: string;
  readonly acts: readonly string[];
}

/** What waits for a resident's word, the rarest first. */
export function toDecide(world: World, identity_id: string): readonly ToDecide[] {
  const kinds = [mediations, requests, spendings, invitations, journals];
  return kinds.flatMap((kind) => kind(world, identity_id));
}

/**
 * Names of the acts that have an occasion at this moment, the most pressing first: what waits for an answer, then what its
 * own matters allow, then what it can begin among others. Nothing waits: nothing. Whoever meets nobody needs no such act.
 */
export function actsAtHand(world: World, identity_id: string): readonly string[] {
  const { society } = world;
  const unread = (society.mail.letters.get(identity_id) ?? []).some(({ read }) => !read);
  const waiting = [
    ...toDecide(world, identity_id).flatMap(({ acts }) => acts),
    ...[...society.bounties.values()].flatMap((bounty) => bountyActs(world, bounty, identity_id)),
    ...(unread ? ['message_human'] : []),
    ...(wasRejected(world, identity_id) ? ['open_dispute'] : []),
  ];
  return waiting.length === 0 ? [] : [...new Set([...waiting, ...beginnings(world, identity_id)])];
}

function bountyActs({ society }: World, bounty: Bounty, identity_id: string): readonly string[] {
  const { status, created_by, claimed_by, submissions } = bounty;
  if (created_by === identity_id) return submissions.length > 0 && status !== 'completed' ? ['complete_bounty'] : [];
  if (status === 'open') return isSealed(society, bounty) ? ['place_bid'] : ['claim_bounty', 'submit_bounty'];
  const mine = claimed_by !== undefined && [identity_id, guildOf(society, identity_id)?.id].includes(claimed_by.id);
  return status === 'claimed' && mine ? ['submit_bounty', 'unclaim_bounty'] : [];
}

/** The newest decision on a journal or a request of its own went against it, and it has not been disputed. */
function wasRejected({ society: { journals: diary, guilds, disputes } }: World, identity_id: string): boolean {
  const own = [
    ...[...diary.entries.values()].filter(({ author_id }) => author_id === identity_id),
    ...[...guilds.requests.values()].filter(({ applicant_id }) => applicant_id === identity_id),
  ].filter(({ resolved_at }) => resolved_at !== undefined);
  const newest = own.reduce<(typeof own)[number] | undefined>(
    (last, one) => ((one.resolved_at ?? '') >= (last?.resolved_at ?? '') ? one : last),
    undefined,
  );
  if (newest?.status !== 'rejected') return false;
  const id = 'request_id' in newest ? newest.request_id : newest.id;
  return ![...disputes.values()].some(({ target_id }) => target_id === id);
}

function beginnings({ society, tokens }: World, identity_id: string): readonly string[] {
  const purse = (pool: 'journal' | 'free') => tokens.balances.get(walletAccount(identity_id, pool)) ?? 0;
  const alone = guildOf(society, identity_id) === undefined;
  return [
    'post_message',
    ...(purse('journal') + purse('free') >= attemptCost(false) ? ['write_journal'] : []),
    ...(alone ? ['found_guild'] : []),
    ...(alone && society.guilds.guilds.size > 0 ? ['request_guild'] : []),
    'direct_message',
  ];
}

function mediations({ society: { disputes } }: World, identity_id: string): readonly ToDecide[] {
  const open = [...disputes.values()].filter(
    ({ status, mediator, participants }) =>
      status === 'open' && (mediator ?? identity_id) === identity_id && !participants.includes(identity_id),
  );
  return open.map(({ dispute_id, target_type, target_id, mediator }) => ({
    line: `${mediator ? 'you mediate' : 'a third party may mediate'} ${dispute_id} about ${target_type} ${target_id}: wear_hat ${MEDIATOR_HAT}, then resolve_dispute`,
    acts: ['wear_hat', 'resolve_dispute'],
  }));
}

function requests({ society, identities }: World, identity_id: string): readonly ToDecide[] {
  const guild = guildOf(society, identity_id);
  const open = [...society.guilds.requests.values()].filter(
    ({ status, guild_id, votes }) => status === 'pending' && guild_id === guild?.id && !hasVoted(votes, identity_id),
  );
  return open.map(({ request_id, applicant_id }) => ({
    line: `${identities.get(applicant_id)?.name ?? applicant_id} asks to join (${request_id}): vote_guild`,
    acts: ['vote_guild'],
  }));
}

function spendings({ society }: World, identity_id: string): readonly ToDecide[] {
  const guild = guildOf(society, identity_id);
  const open = [...society.treasuries.values()].filter(
    ({ status, guild_id, votes }) => status === 'pending' && guild_id === guild?.id && !hasVoted(votes, identity_id),
  );
  return open.map(({ spend_id, amount }) => ({
    line: `your guild may spend ${amount} tokens (${spend_id}): vote_treasury`,
    acts: ['vote_treasury'],
  }));
}

function invitations({ society, identities }: World, identity_id: string): readonly ToDecide[] {
  const open = [...society.invites.values()].filter(({ to_id, status }) => to_id === identity_id && status === 'pending');
  return open.map(({ id, from_id, activity, location }) => ({
    line: `${identities.get(from_id)?.name ?? from_id} invites you to ${activity} (${location}, ${id}): answer_invite`,
    acts: ['answer_invite'],
  }));
}

function journals({ society }: World, identity_id: string): readonly ToDecide[] {
  const open = [...society.journals.entries.values()].filter(
    (journal) => journal.status === 'pending' && isAsked(journal, identity_id) && !hasVoted(journal.votes, identity_id),
  );
  return open.map(({ id, word_count }) => ({
    line: `journal ${id} (${word_count} words): vote_journal`,
    acts: ['vote_journal'],
  }));
}

const hasVoted = (votes: readonly { readonly voter_id: string }[], identity_id: string): boolean =>
  votes.some(({ voter_id }) => voter_id === identity_id);
