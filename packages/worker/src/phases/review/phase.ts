import {
  type Conclusion,
  concludeFromCritic,
  concludeFromWitnesses,
  concludeWithoutCritic,
  type TaskRecord,
  type Witness,
} from '@vivarium/core';
import type { Runtime } from '../../runtime/runtime.ts';
import { isLocal } from '../execution/rules.ts';
import type { Phase, PhaseEnd, TaskRun } from '../phase.ts';
import { askCritic } from './critic.ts';
import { collectWitnesses } from './witnesses.ts';

/** Evidence first, critic second, person last. Nothing is approved on the author's word. */
export const review: Phase = {
  name: 'review',
  async run(run, runtime) {
    const standing = fromRecord(run.record);
    if (standing) return endOf(standing, run, runtime, false);
    const output = run.output ?? (await runtime.outputOf(run.record));
    const witnesses = await collectWitnesses(run, runtime, output);
    const conclusion = concludeFromWitnesses(witnesses, runtime.config.approval);
    if (conclusion.kind !== 'ask_critic') return endOf(conclusion, run, runtime, true);
    return critic(run, runtime, output, witnesses);
  },
};

async function critic(run: TaskRun, runtime: Runtime, output: string, witnesses: readonly Witness[]): Promise<PhaseEnd> {
  const answer = await askCritic(run, runtime, output, witnesses);
  switch (answer.kind) {
    case 'verdict':
      return endOf(concludeFromCritic(witnesses, answer.verdict), run, runtime, true);
    case 'down':
      return endOf(concludeWithoutCritic(witnesses, answer.reason), run, runtime, true);
    case 'interrupted':
      return { kind: 'stop', command: { kind: 'release', reason: answer.reason } };
  }
}

/** The verdict a former worker recorded for this attempt before it stopped; it is not bought again. */
function fromRecord(record: TaskRecord): Conclusion | undefined {
  if (!record.review || record.status !== 'pending_review') return undefined;
  if (record.review.verdict === 'NONE') return undefined;
  return { kind: record.review.verdict === 'REJECT' ? 'reject' : 'accept', review: record.review };
}

async function endOf(conclusion: Conclusion, run: TaskRun, runtime: Runtime, fresh: boolean): Promise<PhaseEnd> {
  switch (conclusion.kind) {
    case 'accept':
      return fresh ? { kind: 'next', command: { kind: 'record_review', review: conclusion.review } } : { kind: 'next' };
    case 'reject': {
      if (fresh) await runtime.record(run, { kind: 'record_review', review: conclusion.review });
      // A command gives the same answer every time: another attempt would only fail again.
      if (isLocal(run.task)) return { kind: 'stop', command: { kind: 'fail', reason: conclusion.review.issues.join('; ') } };
      const max_attempts = runtime.config.maxRequeueAttempts;
      return { kind: 'stop', command: { kind: 'reject', review: conclusion.review, max_attempts } };
    }
    case 'hold': {
      const hold = { kind: 'review', reason: conclusion.reason, action: `pnpm worker approve ${run.task.id}` } as const;
      return { kind: 'stop', command: { kind: 'hold', hold, review: conclusion.review } };
    }
    case 'ask_critic':
      return { kind: 'stop' };
  }
}
