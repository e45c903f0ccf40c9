import type { ApiAuditLine, Clock } from '@vivarium/core';
import type { GateCall } from '../call/gate-call.ts';
import type { Profile } from '../client/profile.ts';
import type { Provider } from '../providers/providers.ts';
import type { RoutedModel } from './model-routing.ts';

/** One try, with everything decided: model, provider, what the model takes, money. */
export interface Attempt {
  readonly call_id: string;
  readonly number: number;
  readonly call: GateCall;
  readonly provider: Provider;
  readonly model: RoutedModel;
  readonly profile: Profile;
  readonly input_bound: number;
  readonly started_ms: number;
  readonly left_ms: number;
  /** How many times its limit of output tokens the model has been seen to take; 1: it keeps to it. */
  readonly excess: number;
  reserved_usd: number;
  max_tokens: number;
}

export type AuditEnd = Partial<ApiAuditLine> & { readonly event: ApiAuditLine['event']; readonly outcome: string };

/** The audit line of a try that ended. */
export function auditLine(attempt: Attempt, end: AuditEnd, clock: Clock): ApiAuditLine {
  const { call, provider, model } = attempt;
  return {
    timestamp: clock.now().toISOString(),
    call_id: attempt.call_id,
    user: call.user,
    task_id: call.task_id ?? null,
    identity_id: call.identity_id ?? null,
    purpose: call.purpose,
    provider: provider.name,
    model: model.id,
    model_decision: model.decision,
    attempt: attempt.number,
    input_tokens: 0,
    output_tokens: 0,
    estimated_cost: attempt.reserved_usd,
    cost: 0,
    duration_ms: Math.round(clock.monotonicMs() - attempt.started_ms),
    ...end,
  };
}
