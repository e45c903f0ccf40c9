import { z } from 'zod';
import { type Sent, success } from './sent.ts';

const count = z.number();

/** The last 24 hours in numbers. */
export const Insights = z
  .object({
    success,
    timestamp: z.string(),
    queue: z.object({ open: count, completed: count, failed: count }),
    execution: z.object({
      completed_24h: count,
      approved_24h: count,
      failed_24h: count,
      requeue_24h: count,
      pending_review_24h: count,
      approval_rate_24h: z.number().nullable().describe('Per cent, one decimal; null before the first verdict'),
      failure_streak: count,
      last_event_at: z.string().nullable(),
    }),
    ops: z.object({ api_calls_24h: count, api_cost_24h: z.number(), safety_blocks_24h: count, errors_24h: count }),
    social: z.object({
      total_messages: count,
      unread_messages: count,
      open_bounties: count,
      claimed_bounties: count,
      completed_bounties: count,
      chat_messages_24h: count,
    }),
    identities: z.object({
      count,
      active_24h: count,
      top_actor: z.object({ id: z.string(), name: z.string(), actions: count }).nullable(),
    }),
    health: z.object({
      state: z.enum(['critical', 'watch', 'stable']),
      kill_switch: z.boolean(),
      backlog_pressure: z.enum(['high', 'medium', 'low']),
    }),
  })
  .meta({ id: 'Insights' });
export type Insights = Sent<typeof Insights>;
