import {
  concludeFromCritic,
  concludeFromWitnesses,
  concludeWithoutCritic,
  type Hold,
  type TaskRecord,
  type Verdict,
  type Witness,
  type WorkerCommand,
} from '@vivarium/core';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { askCritic } from './critic.ts';
import { rejected } from './rejected.ts';
import { putToVote } from './vote.ts';
import { collectWitnesses } from './witnesses/table.ts';

/** Evidence first, critic second, person last. Nothing is approved on the author's word. */
export const review: Phase = {
  name: 'review',
  async run(run, runtime) {
    const standing = fromRecord(run.record);
    if (standing) return endOf(standing, run, runtime, false);
    const output = await outputFor(run, runtime);
    if (output === undefined) return stop({ kind: 'hold', hold: unreadable(run.task.id) });
    const seen = await collectWitnesses(run, runtime, output);
    if (seen.kind === 'later') return stop({ kind: 'release', reason: seen.reason });
    const conclusion = concludeFromWitnesses(seen.witnesses, runtime.config.approval);
    if (seen.kind === 'unable' && conclusion.kind !== 'reject')
      return endOf(concludeWithoutCritic(seen.witnesses, seen.reason), run, runtime, true);
    if (conclusion.kind !== 'ask_critic') return endOf(conclusion, run, runtime, true);
    return critic(run, runtime, output, seen.witnesses);
  },
};

/** Undefined when the checkpoint names an output that is gone or was changed: nobody can judge it then. */
async function outputFor(run: TaskRun, runtime: Runtime): Promise<string | undefined> {
  if (run.output !== undefined) return run.output;
  try {
    return await runtime.outputOf(run.record);
  } catch (err) {
    runtime.log.warn({ task_id: run.task.id, err }, 'the output of a checkpoint cannot be read');
    return undefined;
  }
}

function unreadable(taskId: string): Hold {
  const reason = 'the stored output is gone or was changed, so nobody can review it';
  return { kind: 'clarify', reason, action: `pnpm worker cancel ${taskId}` };
}

async function critic(run: TaskRun, runtime: Runtime, output: string, witnesses: readonly Witness[]): Promise<PhaseEnd> {
  const answer = await askCritic(run, runtime, output, witnesses);
  switch (answer.kind) {
    case 'verdict':
      return endOf(concludeFromCritic(witnesses, answer.verdict), run, runtime, true);
    case 'down':
      return endOf(concludeWithoutCritic(witnesses, answer.reason), run, runtime, true, answer.ends);
    case 'later':
      return stop(answer.command);
  }
}

/** The verdict a former worker recorded for this attempt before it stopped; it is not bought again. */
function fromRecord(record: TaskRecord): Verdict | undefined {
  if (!record.review || record.review.verdict === 'NONE') return undefined;
  return { kind: record.review.verdict === 'REJECT' ? 'reject' : 'accept', review: record.review };
}

async function endOf(
  conclusion: Verdict,
  run: TaskRun,
  runtime: Runtime,
  fresh: boolean,
  ends: Pick<Hold, 'provider_fingerprint' | 'until'> = {},
): Promise<PhaseEnd> {
  const { review } = conclusion;
  run.review = review;
  const told: readonly WorkerCommand[] = fresh ? [{ kind: 'record_review', review }] : [];
  switch (conclusion.kind) {
    case 'accept':
      return next(...told);
    case 'reject':
      if (run.task.gates === true) await putToVote(run, runtime, review);
      return stop(...told, rejected(run, runtime, review));
    case 'hold': {
      const hold = { kind: 'review', reason: conclusion.reason, action: `pnpm worker approve ${run.task.id}`, ...ends } as const;
      return stop({ kind: 'hold', hold, review });
    }
  }
}
