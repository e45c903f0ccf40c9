import type { TokenFold } from '../economy/fold.ts';
import type { Auction } from './bids.ts';
import type { Bounty } from './bounties.ts';
import { treasuryOf } from './guilds.ts';
import type { Society } from './society.ts';

type NameOf = (id: string) => string;

/** `.swarm/bounties.json`: every bounty in the documented shape. */
export function bountiesView({ bounties, guilds, auctions }: Society, nameOf: NameOf) {
  return [...bounties.values()].map((bounty) => ({
    ...bountyView(bounty, nameOf, (id) => guilds.guilds.get(id)?.name ?? id),
    ...(bounty.bids_until !== undefined && { bidding: biddingView(auctions.get(bounty.id)) }),
  }));
}

/** How many bids there are; what they say only once they were opened. */
function biddingView({ bids, opened_at, winner }: Auction = { bids: [] }) {
  const sealed = opened_at === undefined;
  return { bids: bids.length, opened_at, winner, opened: sealed ? undefined : bids };
}

function bountyView(bounty: Bounty, nameOf: NameOf, guildName: NameOf) {
  const { submissions, costs, slots, claimed_by, created_by, distributed, ...rest } = bounty;
  const filled = submissions.filter(({ slot_index }) => slot_index > 0).length;
  const claim = claimed_by && {
    ...claimed_by,
    name: claimed_by.type === 'guild' ? guildName(claimed_by.id) : nameOf(claimed_by.id),
    claimed_by_name: nameOf(claimed_by.claimed_by_identity),
  };
  return {
    ...rest,
    game_name: 'Commons Crucible',
    created_by,
    claimed_by: claim ?? null,
    slots,
    max_teams: slots,
    slot_state: { slots, filled: Math.min(filled, slots), overflow: Math.max(0, filled - slots) },
    teams: submissions,
    cost_tracking: costs,
    distributed,
  };
}

/** `.swarm/guilds.json`. The pool is the treasury's balance. */
export function guildsView({ guilds }: Society, tokens: Pick<TokenFold, 'balances'>, nameOf: NameOf) {
  return [...guilds.guilds.values()].map((guild) => ({
    ...guild,
    founder_name: nameOf(guild.founder),
    member_names: Object.fromEntries(guild.members.map((id) => [id, nameOf(id)])),
    refund_pool: tokens.balances.get(treasuryOf(guild.id)) ?? 0,
    requests: [...guilds.requests.values()].filter((request) => request.guild_id === guild.id),
  }));
}

/** `.swarm/disputes.json`. */
export function disputesView({ disputes }: Society, nameOf: NameOf) {
  const rows = [...disputes.values()].map((dispute) => ({
    ...dispute,
    decision_status: dispute.outcome ?? 'pending',
    requester_name: nameOf(dispute.requester_id),
    mediator: dispute.mediator === undefined ? null : { id: dispute.mediator, name: nameOf(dispute.mediator) },
  }));
  return { disputes: Object.fromEntries(rows.map((row) => [row.dispute_id, row])) };
}

/** Best first by one column; equal ones by name, so that the order is the same everywhere. */
export function guildLeaderboard(
  { guilds }: Society,
  by: 'total_earned' | 'bounties_completed' | 'members' = 'total_earned',
  limit = 10,
) {
  return [...guilds.guilds.values()]
    .map(({ id, name, members, bounties_completed, total_earned }) => ({
      id,
      name,
      members: members.length,
      bounties_completed,
      total_earned,
    }))
    .sort((a, b) => b[by] - a[by] || (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}
