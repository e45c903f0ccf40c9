import { z } from 'zod';
import { next_cursor, type Sent, success } from './sent.ts';

/** What residents decide together: guilds, journals, disputes. */

const verdict = z.enum(['pending', 'accepted', 'rejected']);
const MemberVote = z.object({
  voter_id: z.string(),
  vote: z.enum(['accept', 'reject']),
  reason: z.string(),
  timestamp: z.string(),
});

const JoinRequest = z.object({
  request_id: z.string(),
  guild_id: z.string(),
  applicant_id: z.string(),
  message: z.string(),
  created_at: z.string(),
  status: verdict,
  votes: z.array(MemberVote),
  resolved_at: z.string().optional(),
  reopened_at: z.string().optional(),
  rejection_reason: z.string().optional(),
});

const Spending = z.object({
  spend_id: z.string(),
  guild_id: z.string(),
  amount: z.number(),
  purpose: z.string(),
  to_id: z.string(),
  proposed_by: z.string(),
  status: verdict,
  votes: z.array(MemberVote),
});

const GuildView = z
  .object({
    id: z.string(),
    name: z.string(),
    founder: z.string(),
    members: z.array(z.string()).describe('In the order in which they joined'),
    created_at: z.string(),
    bounties_completed: z.number(),
    total_earned: z.number(),
    founder_name: z.string(),
    member_names: z.record(z.string(), z.string()),
    refund_pool: z.number().describe("The treasury's balance"),
    requests: z.array(JoinRequest),
    spendings: z.array(Spending),
  })
  .meta({ id: 'GuildView' });
export type GuildView = Sent<typeof GuildView>;

export const GuildList = z
  .object({
    success,
    guilds: z.array(GuildView),
    leaderboard: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        members: z.number(),
        bounties_completed: z.number(),
        total_earned: z.number(),
      }),
    ),
    next_cursor,
  })
  .meta({ id: 'GuildList' });

/** A journal as the person may see it: its author once it is decided, an excerpt until then. */
export const JournalRow = z
  .object({
    journal_id: z.string(),
    journal_type: z.string(),
    created_at: z.string(),
    status: verdict,
    word_count: z.number(),
    tier: z.string(),
    attempt_cost: z.number(),
    votes: z.number(),
    voted: z.boolean().describe("Whether the person's own vote is among them"),
    author_id: z.string().optional(),
    author_name: z.string().optional(),
    review_excerpt: z.string().optional(),
    result: z.object({ total_awarded: z.number(), avg_score: z.number(), gaming_flagged: z.boolean() }).optional(),
  })
  .meta({ id: 'JournalRow' });
export type JournalRow = Sent<typeof JournalRow>;
export const JournalList = z.object({ success, journals: z.array(JournalRow), next_cursor }).meta({ id: 'JournalList' });

/** What a vote came to: `pending` while others have yet to vote. */
const voted = { success, ok: z.literal(true), status: verdict };
export const JournalVoted = z.object({ ...voted, journal_id: z.string(), votes: z.number() }).meta({ id: 'JournalVoted' });
export const RequestVoted = z.object({ ...voted, request_id: z.string() }).meta({ id: 'RequestVoted' });
export const SpendingVoted = z.object({ ...voted, spend_id: z.string() }).meta({ id: 'SpendingVoted' });
export type VoteAnswer = Pick<Sent<typeof RequestVoted>, 'status'>;

export const DisputeView = z
  .object({
    dispute_id: z.string(),
    target_type: z.enum(['journal', 'guild_join']),
    target_id: z.string(),
    requester_id: z.string(),
    requester_name: z.string(),
    reason: z.string(),
    risk_privilege: z.string(),
    participants: z.array(z.string()),
    participant_names: z.record(z.string(), z.string()),
    chatroom_id: z.string(),
    created_at: z.string(),
    status: z.enum(['open', 'resolved']),
    mediator: z.object({ id: z.string(), name: z.string() }).nullable(),
    outcome: z.enum(['uphold', 'reopen']).optional(),
    decision_status: z.string().describe('`pending`, then its outcome'),
    notes: z.string().optional(),
    resolved_at: z.string().optional(),
  })
  .meta({ id: 'DisputeView' });
export type DisputeView = Sent<typeof DisputeView>;

export const DisputeList = z.object({ success, disputes: z.array(DisputeView), next_cursor }).meta({ id: 'DisputeList' });
export const DisputeAnswer = z.object({ success, dispute: DisputeView.optional() }).meta({ id: 'DisputeAnswer' });
