import type { NameOf } from '../kit/index.ts';
import type { DisputeSlice } from './disputes.ts';

/** `.swarm/disputes.json`. */
export function disputesView({ disputes }: DisputeSlice, nameOf: NameOf) {
  const rows = [...disputes.values()].map((dispute) => ({
    ...dispute,
    decision_status: dispute.outcome ?? 'pending',
    requester_name: nameOf(dispute.requester_id),
    mediator: dispute.mediator === undefined ? null : { id: dispute.mediator, name: nameOf(dispute.mediator) },
  }));
  return { disputes: Object.fromEntries(rows.map((row) => [row.dispute_id, row])) };
}
