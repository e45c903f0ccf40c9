import type { Earned } from '@vivarium/core';

/** The documented fields of the approving event. */
export function rewardFields(earned: Earned, now: Date): Readonly<Record<string, unknown>> {
  const applied = earned.tokens > 0;
  return {
    phase5_reward_applied: applied,
    phase5_reward_tokens_requested: earned.tokens,
    phase5_reward_tokens_awarded: earned.tokens,
    phase5_reward_identity: earned.identity_id ?? null,
    phase5_reward_reason: earned.reason,
    phase5_reward_granted_at: applied ? now.toISOString() : null,
    phase5_reward_ledger_recorded: applied,
    phase5_reward_error: null,
  };
}
