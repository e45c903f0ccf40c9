import { type Change, doer, type Review, RUNTIME, submitChange } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

const REASON_CHARS = 8_000;

/**
 * Put an attempt's change to the blind vote, with the runtime's own vote: what its review came to. A rejected review closes
 * the ballot, since no vote makes up for missing evidence. Doing it again changes nothing.
 */
export async function putToVote(
  run: TaskRun,
  deps: Pick<Runtime, 'changes' | 'gates' | 'store'>,
  review: Review,
): Promise<Change> {
  const { gates, store } = deps;
  gates.refresh();
  const patch = run.task.project === undefined ? undefined : await (await deps.changes()).submitted(run);
  const change = await submitChange(gates, run.record, doer(run, store).identity_id ?? run.lease.worker_id, patch);
  const accepted = review.verdict === 'APPROVE' || review.verdict === 'MINOR_ISSUES';
  const vote = accepted ? 'approved' : 'rejected';
  const reason = [`${review.verdict} by ${review.by}`, ...review.issues].join('; ').slice(0, REASON_CHARS);
  const { change_id } = change;
  if (change.ballot_id === '') {
    // Nobody votes on changes of this project; what was rejected goes no further all the same.
    if (!accepted) await gates.tryRecord({ event: 'change_stopped', actor: RUNTIME, change_id, reason });
    return gates.change(change_id) ?? change;
  }
  await gates.tryRecord({ event: 'vote_cast', actor: RUNTIME, ballot_id: change.ballot_id, vote, reason });
  if (!accepted) await gates.tryRecord({ event: 'ballot_closed', actor: RUNTIME, ballot_id: change.ballot_id });
  return gates.change(change_id) ?? change;
}
