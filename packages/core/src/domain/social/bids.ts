import { z } from 'zod';
import { seeded } from '../economy/hash.ts';
import { type Action, action, type Evolve, Id, IdentityId, KEEPERS, on, RESIDENT, refuse, Text } from './kit.ts';

/** Sealed bids for one piece of work: nobody sees any until all are opened together. */
export interface Auction {
  readonly bids: { readonly identity_id: string; readonly price: number; readonly pitch: string }[];
  opened_at?: string;
  winner?: string | undefined;
}

export type Auctions = Map<string, Auction>;

const Bid = z.strictObject({ task_id: Id, price: z.int().nonnegative().max(1_000_000), pitch: Text(600).default('-') });
const Open = z.strictObject({ task_id: Id });
const Opened = Open.extend({ winner: IdentityId.optional() });

/** The lowest price; equal ones by a draw that the seed alone decides, whoever came first. */
export function winnerOf(bids: Auction['bids'], seed: string): string | undefined {
  const lowest = Math.min(...bids.map(({ price }) => price));
  const best = bids
    .filter(({ price }) => price === lowest)
    .map(({ identity_id }) => identity_id)
    .sort();
  return best[Math.floor(seeded(seed)() * best.length)];
}

export const bidActions: Readonly<Record<string, Action>> = {
  place_bid: action(RESIDENT, Bid, (world, { task_id, price, pitch }, { actor }) => {
    const auction = world.society.auctions.get(task_id);
    if (auction?.opened_at) return refuse('bids_opened', 'The bids for this were opened');
    if (auction?.bids.some(({ identity_id }) => identity_id === actor)) return refuse('already_bid', 'Your bid stands');
    const data = { task_id, price, pitch, identity_id: actor };
    return {
      ok: true,
      event: { kind: 'bid_placed', memo: task_id, data, subjects: [`auction:${task_id}`] },
      answer: { task_id },
    };
  }),
  open_bids: action(KEEPERS, Open, (world, { task_id }, { key }) => {
    const auction = world.society.auctions.get(task_id);
    if (!auction || auction.bids.length === 0) return refuse('no_bids', 'Nobody has bid');
    if (auction.opened_at) return refuse('bids_opened', `They were opened; ${auction.winner} won`);
    const winner = winnerOf(auction.bids, key);
    const event = { kind: 'bids_opened', memo: task_id, data: { task_id, winner }, subjects: [`auction:${task_id}`] };
    return { ok: true, event, answer: { task_id, winner, bids: auction.bids } };
  }),
};

export const bidEvents: Readonly<Record<string, Evolve>> = {
  bid_placed: on(Bid.extend({ identity_id: IdentityId }), ({ auctions }, { task_id, ...bid }) => {
    const auction = auctions.get(task_id) ?? { bids: [] };
    auctions.set(task_id, auction);
    auction.bids.push(bid);
  }),
  bids_opened: on(Opened, ({ auctions }, { task_id, winner }, { timestamp }) => {
    const auction = auctions.get(task_id);
    if (auction) Object.assign(auction, { winner, opened_at: timestamp });
  }),
};
