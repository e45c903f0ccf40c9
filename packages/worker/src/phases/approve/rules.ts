import type { Earned } from '@vivarium/core';

/**
 * The documented fields of the approving event: what the work earned. Nothing is booked at this moment, and a crash may
 * come between: the booking is the entry of the ledger, which `phase5_reward_ledger.json` shows with its time.
 */
export function rewardFields(earned: Earned): Readonly<Record<string, unknown>> {
  return {
    phase5_reward_applied: earned.tokens > 0,
    phase5_reward_tokens_requested: earned.tokens,
    phase5_reward_tokens_awarded: earned.tokens,
    phase5_reward_identity: earned.identity_id ?? null,
    phase5_reward_reason: earned.reason,
    phase5_reward_granted_at: null,
    phase5_reward_ledger_recorded: false,
    phase5_reward_error: null,
  };
}
