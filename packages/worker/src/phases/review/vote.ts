import { type Change, doer, type Review, RUNTIME, submitChange } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/**
 * Put an attempt's change to the blind vote, with the runtime's own vote: what its review came to. A rejected review closes
 * the ballot, since no vote makes up for missing evidence. Doing it again changes nothing.
 */
export async function putToVote(run: TaskRun, deps: Pick<Runtime, 'gates' | 'store'>, review: Review): Promise<Change> {
  const { gates, store } = deps;
  gates.refresh();
  const change = await submitChange(gates, run.record, doer(run, store).identity_id ?? run.lease.worker_id);
  const accepted = review.verdict === 'APPROVE' || review.verdict === 'MINOR_ISSUES';
  const vote = accepted ? 'approved' : 'rejected';
  const reason = [`${review.verdict} by ${review.by}`, ...review.issues].join('; ');
  await gates.tryRecord({ event: 'vote_cast', actor: RUNTIME, ballot_id: change.ballot_id, vote, reason });
  if (!accepted) await gates.tryRecord({ event: 'ballot_closed', actor: RUNTIME, ballot_id: change.ballot_id });
  return gates.change(change.change_id) ?? change;
}
