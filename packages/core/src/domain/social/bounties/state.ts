import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { Id, IdentityId } from '../kit/index.ts';
import type { SlotPolicy } from './slots.ts';

export interface Claim {
  readonly type: 'individual' | 'guild';
  readonly id: string;
  readonly claimed_by_identity: string;
}

export interface Bounty {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** In whole tokens; the winner's price once sealed bids were opened. */
  reward: number;
  /** Until when sealed bids are taken; absent where who comes first may claim it. */
  readonly bids_until?: string | undefined;
  readonly slots: number;
  readonly game_mode: string;
  readonly slot_policy: SlotPolicy;
  readonly created_by: string;
  readonly created_at: string;
  status: 'open' | 'claimed' | 'completed' | 'cancelled';
  claimed_by: Claim | undefined;
  claimed_at?: string | undefined;
  completed_at?: string | undefined;
  readonly submissions: Submission[];
  distributed: readonly { readonly identity: string; readonly amount: number; readonly place: number }[];
  /** What was paid into its escrow beyond the reward, oldest first. */
  readonly top_ups: TopUp[];
  readonly costs: {
    api_cost: number;
    sessions_used: number;
    tokens_spent: number;
    started_at?: string;
    artifacts_created: string[];
  };
}

export interface TopUp {
  readonly payer: string;
  readonly amount: number;
}

/** The bounty that an answer is about. */
export const OfBounty = z.object({ bounty_id: Id });

export const Submission = z.object({
  id: Id,
  bounty_id: Id,
  identity_id: IdentityId,
  identity_name: z.string(),
  members: z.array(IdentityId),
  guild_id: Id.nullable(),
  guild_name: z.string().nullable(),
  description: z.string(),
  artifacts: z.array(z.string()),
  notes: z.string(),
  slot_index: z.int(),
  slots: z.int(),
  slot_multiplier: z.number(),
  slot_reason: z.string(),
  reward_cap: z.int(),
  fingerprint: z.string(),
});
/** A piece of work for a bounty. Its place was fixed when it came; a disqualified one takes none. */
export interface Submission extends z.infer<typeof Submission> {
  readonly submitted_at: string;
  review?: {
    readonly verdict: 'accepted' | 'rejected';
    readonly evidence: string;
    readonly reviewed_by: string;
    readonly at: string;
  };
}

/** Sealed bids for a bounty: nobody sees any until all are opened together. */
export interface Auction {
  readonly bids: { readonly identity_id: string; readonly price: number; readonly pitch: string }[];
  opened_at?: string;
  winner?: string | undefined;
}

export interface BountySlice {
  readonly bounties: Map<string, Bounty>;
  /** By the bounty's id. */
  readonly auctions: Map<string, Auction>;
}

export const emptyBounties = (): BountySlice => ({ bounties: new Map(), auctions: new Map() });

/** What entries about a bounty touch. */
export const bountySubject = (bounty_id: string): string => `bounty:${bounty_id}`;

/** True until the bids for a bounty that takes some were opened. */
export function isSealed(
  { auctions }: Pick<BountySlice, 'auctions'>,
  { id, bids_until }: Pick<Bounty, 'id' | 'bids_until'>,
): boolean {
  return bids_until !== undefined && auctions.get(id)?.opened_at === undefined;
}

export const isClosed = ({ status }: Pick<Bounty, 'status'>): boolean => status === 'completed' || status === 'cancelled';
export const closed = ({ status }: Pick<Bounty, 'status'>) => refuse('bounty_closed', `It is ${status}; it pays once`);

export function bidFirst({ bids_until }: Pick<Bounty, 'bids_until'>) {
  return refuse('bids_sealed', `Bids are taken until ${bids_until}: place_bid`);
}

export function notFound(bounty_id: string) {
  return refuse('bounty_not_found', `There is no bounty ${bounty_id}`);
}
