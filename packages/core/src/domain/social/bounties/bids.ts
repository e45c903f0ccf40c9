import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { seeded } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import {
  Amount,
  type Context,
  type Decision,
  Id,
  IdentityId,
  KEEPERS,
  RESIDENT,
  stateless,
  subjectOn,
  Text,
  type WorldOf,
} from '../kit/index.ts';
import { giveBack } from './escrow.ts';
import { type Auction, type BountySlice, bountySubject, isSealed, notFound } from './state.ts';

type Sees = BountySlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

const Bid = z.strictObject({ bounty_id: Id, price: Amount, pitch: Text(600).default('-') });
const Open = z.strictObject({ bounty_id: Id });
const Placed = z.object({ bounty_id: Id, bids_until: z.string() });
const Results = z.object({
  bounty_id: Id,
  winner: IdentityId.optional(),
  price: z.int().optional(),
  bids: z.array(z.object({ identity_id: IdentityId, price: z.int(), pitch: z.string() })),
});
const Opened = Open.extend({ winner: IdentityId.optional(), price: Amount.optional() });

/** The lowest price; equal ones by a draw that the seed alone decides, whoever came first. */
export function winnerOf(bids: Auction['bids'], seed: string): string | undefined {
  const lowest = Math.min(...bids.map(({ price }) => price));
  const best = bids
    .filter(({ price }) => price === lowest)
    .map(({ identity_id }) => identity_id)
    .sort();
  return best[Math.floor(seeded(seed)() * best.length)];
}

/** Bounties whose bids are to be opened by now. */
export function bidsDue({ bounties, auctions }: BountySlice, now: string): readonly string[] {
  return [...bounties.values()].flatMap((bounty) => {
    const due = bounty.status === 'open' && isSealed({ auctions }, bounty) && isPast(bounty.bids_until, now);
    return due ? [bounty.id] : [];
  });
}

const isPast = (instant: string | undefined, now: string): boolean =>
  instant !== undefined && Date.parse(instant) <= Date.parse(now);

/** A bounty that takes bids, as it must be for any of these acts. */
function auctioned({ society }: World, bounty_id: string) {
  const bounty = society.bounties.get(bounty_id);
  if (!bounty) return notFound(bounty_id);
  if (bounty.bids_until === undefined) return refuse('no_bidding', 'It takes no bids; claim it: claim_bounty');
  if (!isSealed(society, bounty)) return refuse('bids_opened', 'The bids for this were opened');
  if (bounty.status !== 'open') return refuse('bounty_closed', `It is ${bounty.status}`);
  return { ok: true, bounty, bids_until: bounty.bids_until, bids: society.auctions.get(bounty_id)?.bids ?? [] } as const;
}

function decideBid(
  world: World,
  { bounty_id, price, pitch }: z.infer<typeof Bid>,
  { actor, now }: Context,
): Decision<typeof Placed> {
  const found = auctioned(world, bounty_id);
  if (!found.ok) return found;
  const { bounty, bids, bids_until } = found;
  if (isPast(bids_until, now)) return refuse('bids_closed', 'No more bids are taken; they are about to be opened');
  if (bounty.created_by === actor) return refuse('own_bounty', 'Others earn what you offer');
  if (bids.some(({ identity_id }) => identity_id === actor)) return refuse('already_bid', 'Your bid stands');
  if (price > bounty.reward) return refuse('over_reward', `At most ${bounty.reward} tokens are offered`);
  const data = { bounty_id, price, pitch, identity_id: actor };
  const event = { kind: 'bid_placed', memo: `bids for ${bounty_id}`, data, subjects: [bountySubject(bounty_id)] };
  return { ok: true, event, answer: { bounty_id, bids_until } };
}

/** The winner has the bounty at its price, and what that saves goes back. Without a bid anybody may claim it. */
function decideOpen(world: World, { bounty_id }: z.infer<typeof Open>, { now, key }: Context): Decision<typeof Results> {
  const found = auctioned(world, bounty_id);
  if (!found.ok) return found;
  const { bounty, bids, bids_until } = found;
  if (!isPast(bids_until, now)) return refuse('bids_sealed', `They are opened together at ${bids_until}`);
  const winner = winnerOf(bids, key);
  const price = bids.find(({ identity_id }) => identity_id === winner)?.price;
  const booking = new Postings(world.tokens);
  if (price !== undefined) giveBack(booking, bounty_id, { payer: bounty.created_by, amount: bounty.reward - price });
  const data = { bounty_id, ...(winner !== undefined && { winner, price }) };
  const memo = `bids for ${bounty_id} opened`;
  const event = { kind: 'bids_opened', memo, data, subjects: [bountySubject(bounty_id)], booking };
  return { ok: true, event, answer: { ...data, bids } };
}

const acts = {
  place_bid: action(RESIDENT, Bid, Placed, decideBid),
  open_bids: action(KEEPERS, Open, Results, decideOpen),
};

const events = {
  bid_placed: on(Bid.extend({ identity_id: IdentityId }), ({ auctions }, { bounty_id, ...bid }) => {
    const auction = auctions.get(bounty_id) ?? { bids: [] };
    auctions.set(bounty_id, auction);
    auction.bids.push(bid);
  }),
  bids_opened: on(Opened, ({ auctions, bounties }, { bounty_id, winner, price }, { timestamp }) => {
    const { bids } = auctions.get(bounty_id) ?? { bids: [] };
    auctions.set(bounty_id, { bids, opened_at: timestamp, winner });
    const bounty = bounties.get(bounty_id);
    if (!bounty || winner === undefined || price === undefined) return;
    const claimed_by = { type: 'individual', id: winner, claimed_by_identity: winner } as const;
    Object.assign(bounty, { reward: price, status: 'claimed', claimed_by, claimed_at: timestamp });
    bounty.costs.started_at ??= timestamp;
  }),
};

export const BIDS = subject({ name: 'bids', empty: stateless, acts, events });
