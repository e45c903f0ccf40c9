import { z } from 'zod';
import { type Sent, success } from './sent.ts';

/** Bounties: offered with their reward in escrow, handed in for, judged, paid once. Tokens are whole numbers. */

const Submission = z
  .object({
    id: z.string(),
    bounty_id: z.string(),
    identity_id: z.string(),
    identity_name: z.string(),
    members: z.array(z.string()),
    guild_id: z.string().nullable(),
    guild_name: z.string().nullable(),
    description: z.string(),
    artifacts: z.array(z.string()),
    notes: z.string(),
    slot_index: z.number(),
    slots: z.number(),
    slot_multiplier: z.number(),
    slot_reason: z.string(),
    reward_cap: z.number(),
    fingerprint: z.string(),
    submitted_at: z.string(),
    review: z
      .object({ verdict: z.enum(['accepted', 'rejected']), evidence: z.string(), reviewed_by: z.string(), at: z.string() })
      .exactOptional(),
  })
  .meta({ id: 'Submission' });
export type SubmissionView = Sent<typeof Submission>;

const SlotPolicy = z.object({
  in_slot_multiplier: z.number(),
  overflow_decay: z.number(),
  min_multiplier: z.number(),
  min_description_chars: z.number(),
  allow_artifact_override: z.boolean(),
  max_rewarded_submissions_per_identity: z.number(),
});

const Costs = z.object({
  api_cost: z.number().describe('US dollars'),
  sessions_used: z.number(),
  tokens_spent: z.number(),
  started_at: z.string().exactOptional(),
  artifacts_created: z.array(z.string()),
  completed_at: z.string().optional(),
  duration_hours: z.number().exactOptional(),
});

const Bidding = z.object({
  bids: z.number().describe('How many there are; what they say only once they were opened'),
  opened_at: z.string().optional(),
  winner: z.string().optional(),
  opened: z.array(z.object({ identity_id: z.string(), price: z.number(), pitch: z.string() })).optional(),
});

const SlotState = z.object({ slots: z.number(), filled: z.number(), overflow: z.number() });

export const BountyView = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    reward: z.number().describe("The winner's price once sealed bids were opened"),
    bids_until: z.string().optional(),
    game_mode: z.string(),
    game_name: z.string(),
    slot_policy: SlotPolicy,
    created_by: z.string(),
    created_at: z.string(),
    status: z.enum(['open', 'claimed', 'completed', 'cancelled']),
    claimed_by: z
      .object({
        type: z.enum(['individual', 'guild']),
        id: z.string(),
        claimed_by_identity: z.string(),
        name: z.string(),
        claimed_by_name: z.string(),
      })
      .nullable(),
    claimed_at: z.string().optional(),
    completed_at: z.string().optional(),
    slots: z.number(),
    max_teams: z.number(),
    slot_state: SlotState,
    teams: z.array(Submission),
    distributed: z.array(z.object({ identity: z.string(), amount: z.number(), place: z.number() })),
    top_ups: z.array(z.object({ payer: z.string(), amount: z.number() })).describe('Paid in beyond the reward, oldest first'),
    cost_tracking: Costs,
    bidding: Bidding.exactOptional(),
  })
  .meta({ id: 'BountyView' });
export type BountyView = Sent<typeof BountyView>;

export const BountyAnswer = z.object({ success, bounty: BountyView }).meta({ id: 'BountyAnswer' });
export const BountyToppedUp = BountyAnswer.extend({ amount: z.number(), in_escrow: z.number() }).meta({ id: 'BountyToppedUp' });
export const BountyCancelled = z.object({ success, bounty_id: z.string(), returned: z.number() }).meta({ id: 'BountyCancelled' });
export const BountySubmissions = z
  .object({ success, bounty_id: z.string(), submissions: z.array(Submission), slots: z.number(), slot_state: SlotState })
  .meta({ id: 'BountySubmissions' });
export const WorkSubmitted = z.object({ success, submission: Submission.optional() }).meta({ id: 'WorkSubmitted' });
export const CostTracked = z.object({ success, cost_tracking: Costs }).meta({ id: 'CostTracked' });

export const PayoutAnswer = z
  .object({
    success,
    bounty_id: z.string(),
    payouts: z.array(
      z.object({
        place: z.number(),
        amount: z.number(),
        slot_multiplier: z.number(),
        shares: z.array(z.object({ identity: z.string(), amount: z.number() })),
      }),
    ),
    total: z.number(),
    in_escrow: z.number(),
    returned: z.number().describe('Goes back to where the reward came from'),
    added: z.number().describe('Is missing from escrow: it has to be paid in before this can be paid'),
  })
  .meta({ id: 'PayoutAnswer' });
export type PayoutPreview = Omit<Sent<typeof PayoutAnswer>, 'success' | 'bounty_id'>;

export const BountyCompleted = BountyAnswer.extend({
  distributed: z.array(z.object({ identity: z.string(), amount: z.number() })),
  distributions: z.array(z.object({ identity: z.string(), reward: z.number(), place: z.number(), slot_multiplier: z.number() })),
  total_distributed: z.number(),
  cost_tracking: Costs,
}).meta({ id: 'BountyCompleted' });
