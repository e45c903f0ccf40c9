import { doer, rewardFor } from '@vivarium/core';
import { type Phase, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { rewardFields } from './rules.ts';

/** The documented fields of the gates that an approval went through. */
const gateFields = ({ task }: TaskRun) =>
  task.gates === true
    ? {
        quality_gate_status: 'ready_for_merge',
        quality_gate_decision: 'approved',
        quality_gate_change_id: task.id,
        quality_gate_error: null,
      }
    : {};

/**
 * Approves what the review accepted and says on that very event what it earns. The booking follows from the event, so a
 * crash between the two loses nothing and pays nothing twice.
 */
export const approve: Phase<Pick<Runtime, 'identity' | 'store'>> = {
  name: 'approve',
  async run(run, deps) {
    const review = run.review ?? run.record.review;
    if (!review) return stop({ kind: 'release', reason: 'no review stands for this attempt' });
    const identity_id = deps.identity(doer(run, deps.store).identity_id)?.id;
    const earned = rewardFor({ record: run.record, review, identity_id });
    return stop({ kind: 'approve', review, extra: { ...rewardFields(earned), ...gateFields(run) } });
  },
};
