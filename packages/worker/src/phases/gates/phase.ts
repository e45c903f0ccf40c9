import { gateHold, nextGateStep, REJECTION_CONFIDENCE, type Review } from '@vivarium/core';
import { next, type Phase, stop } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { rejected, turnDown } from '../review/rejected.ts';
import { putToVote } from '../review/vote.ts';

/**
 * Lets a task with `gates: true` go on to its approval once its change is ready for merge, and sends it round again when a
 * gate turned the change down. Until then it waits at its gate; the gate keeper moves it there.
 */
export const gates: Phase<Pick<Runtime, 'changes' | 'gates' | 'store' | 'config'>> = {
  name: 'gates',
  async run(run, deps) {
    const review = run.review ?? run.record.review;
    if (run.task.gates !== true || !review) return next();
    const change = await putToVote(run, deps, review);
    const step = nextGateStep(deps.gates.state, change);
    if (step.kind === 'ready') {
      const hold = run.task.project === undefined ? undefined : await (await deps.changes()).waitsToLand(run.record);
      return hold ? stop({ kind: 'hold', hold }) : next({ kind: 'pass_gates' });
    }
    if (step.kind === 'lost') {
      await turnDown(run, deps, step.reasons);
      return stop(rejected(run, deps, turnedDown(review, step.reasons)));
    }
    return stop({ kind: 'hold', hold: gateHold(change, step) });
  },
};

/** The verdict of a gate in the words of a review, so that the next attempt is told in the same way. */
function turnedDown(review: Review, reasons: readonly string[]): Review {
  const issues = reasons.length > 0 ? [...reasons] : ['a quality gate turned it down'];
  const witness = { kind: 'gates', rule: 'gates.passed', passed: false, decisive: false, detail: issues.join('; ') } as const;
  return {
    verdict: 'REJECT',
    confidence: REJECTION_CONFIDENCE,
    issues,
    suggestions: review.suggestions,
    witnesses: [...review.witnesses, witness],
    by: 'evidence',
  };
}
