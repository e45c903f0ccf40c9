import type { GuildSlice } from '../guilds/state.ts';
import type { NameOf } from '../kit/index.ts';
import type { Auction, Bounty, BountySlice } from './state.ts';

/** `.swarm/bounties.json`: every bounty in the documented shape. */
export function bountiesView({ bounties, guilds, auctions }: BountySlice & GuildSlice, nameOf: NameOf) {
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
